export const common = {
  title: 'Kith',
  loading: '加载中…',
  retry: '重试',
  undo: '撤销',
  undone: '已撤销。',
  close: '关闭',
  cancel: '取消',
  save: '保存',
  edit: '编辑',
  back: '返回',
  clear: '清除',
  copy: '复制',
  copied: '已复制',
  yes: '是',
  chosen: '已选',
  listComma: '、',
  error: {
    offline: '无法连接 Kith。',
    offlineAdvice: '请检查网络，或确认 Kith 正在运行，然后重试。',
    unknown: '出了点问题。',
    unknownAdvice: '请重试。如果一直如此，请查看服务器日志。',
    request: '请求编号',
  },
  notHere: {
    title: '这里没有页面',
    about: '地址可能写错了，或者它指向的内容已不在。',
    home: '回到今天',
  },
}

export const nav = {
  today: '今天',
  contacts: '联系人',
  channels: '渠道',
  campaigns: '活动',
  lifecycle: '生命周期',
  posts: '内容',
  import: '导入',
  settings: '设置',
  more: '更多',
  pages: '页面',
  skip: '跳到正文',
  find: '查找',
  sample: '示例',
  person: '{{name}} 的账户',
  businesses: '商家',
  language: '语言',
  scheme: '配色',
  schemes: { light: '浅色', dark: '深色', auto: '跟随系统' },
  shortcuts: '键盘快捷键',
  signOut: '退出登录',
}

export const palette = {
  placeholder: '查找页面、联系人、活动…',
  found: '查找结果',
  pages: '页面',
  acts: '操作',
  import: '导入文件',
  campaign: '策划活动',
  merges: '确认是否同一人',
  language: 'Switch to English',
  scheme: '切换浅色与深色',
  nothing: '没有找到。',
}

export const keys = {
  palette: '查找任何内容',
  search: '跳到本页搜索框',
  help: '显示这些快捷键',
  go: '前往{{page}}',
  on: '单键快捷键',
  offAbout: '如果你用语音输入或容易误按，可以关闭。Ctrl K 始终可用。',
}

export const range = {
  label: '显示的日期：{{range}}',
  today: '今天',
  yesterday: '昨天',
  '7': '最近 7 天',
  '30': '最近 30 天',
  '90': '最近 90 天',
  month: '本月',
  all: '全部时间',
  custom: '选择日期…',
  zone: '按 {{zone}} 的日期。',
  show: '显示',
  nextMonth: '下个月',
  previousMonth: '上个月',
  nextYear: '往后的年份',
  previousYear: '往前的年份',
  chooseMonth: '选择年月',
}

export const table = {
  chosen_other: '已选 {{count}} 行',
  clear: '取消选择',
  columns: '列',
  csv: '下载“{{name}}”为 CSV',
  all: '选择所有行',
  choose: '选择 {{row}}',
  more: '显示更多',
}

export const chart = {
  form: '“{{title}}”的显示方式',
  chart: '图',
  table: '表',
}

export const filters = {
  label: '筛选',
  remove: '去掉筛选 {{filter}}',
  clear: '去掉全部筛选',
}

export const views = {
  title: '视图',
  shared: '共享',
  none: '还没有保存的视图。',
  save: '保存当前视图…',
  saved: '视图已保存。',
  name: '名称',
  share: '所有同事可见',
  forget: '删除视图 {{name}}',
  forgotten: '视图“{{name}}”已删除。',
}

export const form = { needed: '请填写。' }

export const figure = {
  how: '“{{label}}”是怎么算的',
  exactly: '准确值：',
  unknown: '未知：没有可以计量的内容',
  interval: '有 {{level}}% 的把握在 {{low}} 与 {{high}} 之间。',
  range: '{{low}} 至 {{high}}',
  n: '基于 {{n}} 个观测。',
  nShort: 'n = {{n}}',
  asOf: '截至 {{at}}。',
  days: '{{value}} 天',
  hours: '{{value}} 小时',
  points: '{{value}} ★',
  people: '{{value}} 人',
  claim: { measured: '实测', correlated: '相关', caused: '因果' },
  claimMeans: {
    measured: '数出来的。说明发生了什么，不说明为什么。',
    correlated: '两者同时出现，并不证明其中一个带来了另一个。',
    caused: '有意留出了对照组，所以可以说没有它就不会发生。',
  },
}
