import { campaigns } from './campaigns'
import { channels } from './channels'
import { chart, common, figure, filters, form, keys, nav, palette, range, table, views } from './common'
import { contacts, merges } from './contacts'
import { importing } from './import'
import { lifecycle, posts } from './lifecycle'
import { names } from './names'
import { settings } from './settings'
import { signIn, welcome } from './signIn'
import { today } from './today'

export const en = {
  common,
  nav,
  palette,
  keys,
  range,
  table,
  chart,
  filters,
  views,
  form,
  figure,
  names,
  signIn,
  welcome,
  today,
  import: importing,
  contacts,
  merges,
  channels,
  campaigns,
  lifecycle,
  posts,
  settings,
}
