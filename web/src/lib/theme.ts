import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

// The one accent: pine. White on shades 6 and 7 stands above 4.5:1.
const pine: MantineColorsTuple = [
  '#e9f5f1',
  '#d3e8e1',
  '#a6d1c3',
  '#76b9a3',
  '#4fa489',
  '#33917a',
  '#1f7a63',
  '#1d6b57',
  '#155344',
  '#0b3d31',
]

// The dark page is warm like the paper, not blue like a console.
const dark: MantineColorsTuple = [
  '#e8e6e1',
  '#cfccc5',
  '#b4b0a8',
  '#979288',
  '#5a564f',
  '#403d38',
  '#322f2b',
  '#242220',
  '#1c1a18',
  '#141311',
]

const sans =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
const serif =
  'Georgia, "Iowan Old Style", "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", "Microsoft YaHei", serif'

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  colors: { pine, dark },
  fontFamily: sans,
  headings: {
    fontFamily: serif,
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.75rem' }, h2: { fontSize: '1.25rem' }, h3: { fontSize: '1.05rem' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } },
    Anchor: { defaultProps: { underline: 'always' } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'close' } } },
    // The placeholder is a focusable element that is no menu item, which a menu must not have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
})

/** Mantine's own greys and reds are under 4.5:1 on our paper: these are not. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfaf7',
    '--mantine-color-text': '#24211d',
    '--mantine-color-dimmed': '#5e584f',
    '--mantine-color-placeholder': '#676157',
    '--mantine-color-error': '#b42318',
    '--mantine-color-gray-5': '#6a645b',
    '--mantine-color-gray-6': '#5a554d',
    '--mantine-color-default-border': '#ddd8ce',
    '--mantine-color-anchor': '#1d6b57',
    '--kith-paper': '#ffffff',
    '--kith-line': '#e6e1d8',
    '--kith-soft': '#f3f0e9',
    '--kith-accent': '#1d6b57',
    '--kith-accent-soft': '#e9f2ee',
    '--kith-warm': '#9a5b13',
  },
  dark: {
    '--mantine-color-body': '#1a1816',
    '--mantine-color-text': '#e8e6e1',
    '--mantine-color-dimmed': '#b4aea4',
    '--mantine-color-placeholder': '#a8a298',
    '--mantine-color-error': '#ff9a8f',
    '--mantine-color-dark-3': '#9d978c',
    '--mantine-color-default-border': '#423f39',
    '--mantine-color-anchor': '#7cc4ad',
    '--kith-paper': '#22201d',
    '--kith-line': '#393631',
    '--kith-soft': '#2a2724',
    '--kith-accent': '#7cc4ad',
    '--kith-accent-soft': '#20342d',
    '--kith-warm': '#e3ab63',
  },
})
