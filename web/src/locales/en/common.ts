export const common = {
  title: 'Kith',
  loading: 'Loading…',
  retry: 'Try again',
  undo: 'Undo',
  undone: 'Undone.',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  edit: 'Edit',
  back: 'Back',
  clear: 'Clear',
  copy: 'Copy',
  copied: 'Copied',
  yes: 'Yes',
  chosen: 'chosen',
  listComma: ', ',
  error: {
    offline: 'Kith cannot be reached.',
    offlineAdvice: 'Check the connection, or whether Kith is running, and try again.',
    unknown: 'Something went wrong.',
    unknownAdvice: 'Try again. If it stays so, look at the log of the server.',
    request: 'Request',
  },
  notHere: {
    title: 'There is no page here',
    about: 'The address may be mistyped, or what it led to is gone.',
    home: 'Go to Today',
  },
}

export const nav = {
  today: 'Today',
  contacts: 'Contacts',
  channels: 'Channels',
  campaigns: 'Campaigns',
  lifecycle: 'Lifecycle',
  posts: 'Posts',
  import: 'Import',
  settings: 'Settings',
  more: 'More',
  pages: 'Pages',
  skip: 'Skip to the page',
  find: 'Find',
  sample: 'sample',
  person: 'Account of {{name}}',
  businesses: 'Businesses',
  language: 'Language',
  scheme: 'Colours',
  schemes: { light: 'Light', dark: 'Dark', auto: 'As the system' },
  shortcuts: 'Keyboard shortcuts',
  signOut: 'Sign out',
}

export const palette = {
  placeholder: 'Find a page, a contact, a campaign…',
  found: 'What was found',
  pages: 'Pages',
  acts: 'Actions',
  import: 'Import a file',
  campaign: 'Plan a campaign',
  merges: 'Decide who is who',
  language: '切换到中文',
  scheme: 'Switch light and dark',
  nothing: 'Nothing found.',
}

export const keys = {
  palette: 'Find anything',
  search: 'Go to the search of the page',
  help: 'Show these shortcuts',
  go: 'Go to {{page}}',
  on: 'Single-key shortcuts',
  offAbout: 'Switch them off if you type by voice or hit keys by accident. Ctrl K works always.',
}

export const range = {
  label: 'Days shown: {{range}}',
  today: 'Today',
  yesterday: 'Yesterday',
  '7': 'Last 7 days',
  '30': 'Last 30 days',
  '90': 'Last 90 days',
  month: 'This month',
  all: 'All time',
  custom: 'Choose days…',
  zone: 'Days of {{zone}}.',
  show: 'Show',
  nextMonth: 'Next month',
  previousMonth: 'Previous month',
  nextYear: 'Later years',
  previousYear: 'Earlier years',
  chooseMonth: 'Choose month and year',
}

export const table = {
  chosen_one: '{{count}} row chosen',
  chosen_other: '{{count}} rows chosen',
  clear: 'Choose none',
  columns: 'Columns',
  csv: 'Download “{{name}}” as CSV',
  all: 'Choose all rows',
  choose: 'Choose {{row}}',
  more: 'Show more',
}

export const chart = {
  form: 'How to show “{{title}}”',
  chart: 'Chart',
  table: 'Table',
}

export const filters = {
  label: 'Filters',
  remove: 'Remove filter {{filter}}',
  clear: 'Remove all filters',
}

export const views = {
  title: 'Views',
  shared: 'shared',
  none: 'No saved views yet.',
  save: 'Save this view…',
  saved: 'View saved.',
  name: 'Name',
  share: 'For everybody here',
  forget: 'Delete view {{name}}',
  forgotten: 'View “{{name}}” deleted.',
}

export const form = { needed: 'Please fill this in.' }

export const figure = {
  how: 'How “{{label}}” was computed',
  exactly: 'Exactly:',
  unknown: 'not known: there is nothing to measure',
  interval: 'With {{level}} % certainty between {{low}} and {{high}}.',
  range: '{{low}} to {{high}}',
  n: 'Counted on {{n}} observations.',
  nShort: 'n = {{n}}',
  asOf: 'As of {{at}}.',
  days: '{{value}} days',
  hours: '{{value}} h',
  points: '{{value}} ★',
  people: '{{value}} people',
  claim: { measured: 'measured', correlated: 'correlated', caused: 'caused' },
  claimMeans: {
    measured: 'Counted. It says what happened, not why.',
    correlated: 'The two go together. That does not prove that one brought the other.',
    caused: 'A group was left out on purpose, so this would not have happened otherwise.',
  },
}
