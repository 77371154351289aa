export const signIn = {
  title: '登录',
  about: '客户是店里的朋友。欢迎回来。',
  login: '登录名',
  password: '密码',
  passwordRule: '至少 12 个字符，一句话就很好。',
  show: '显示或隐藏密码',
  enter: '登录',
  lost: '忘记密码？请本店 Kith 的所有者给你一个新链接。',
  languageAbout: '切换语言',
  factor: {
    title: '还有一步',
    about: '输入验证器上的六位数字，或一个恢复码。',
    code: '验证码',
    enter: '继续',
    back: '返回密码',
  },
  invitation: {
    title: '欢迎加入{{tenant}}',
    about: '你受邀的角色：{{role}}。请设置登录方式。',
    name: '你的姓名',
    enter: '进入',
    join: '以 {{name}} 加入',
  },
  reset: {
    title: '设置新密码',
    about: '登录名 {{login}}。',
    done: '密码已修改。',
  },
}

export const welcome = {
  steps: '首次启动',
  next: '继续',
  step: { password: '密码', business: '商家', file: '第一个文件' },
  password: {
    title: '设置自己的密码',
    about: '首次启动时打印的密码只能用一次。',
    old: '给你的密码',
    new: '自己的密码',
    again: '再输一次',
    differs: '两次输入不同。',
  },
  pick: {
    title: '进入哪个商家？',
    about: '你属于多个商家，可以随时切换。',
    none: '你还不属于任何商家，请所有者邀请你。',
  },
  choose: {
    title: '想从哪里开始？',
    about: '以后可以随时切换。',
    own: '从自己的商家开始',
    ownAbout: '三个问题，然后导入第一个文件。',
    ownGo: '设置我的商家',
    sample: '从示例开始',
    sampleAbout: '一家虚构的茶店，两年的客户往来：随便看，随便试。',
    sampleGo: '看看示例',
  },
  business: {
    title: '你的商家',
    about: '日、周和金额都按它的时区和货币计算。',
  },
  file: {
    title: '现在来一个文件',
    about: '一份订单、粉丝或内容的导出就够画出第一张图。导入之前，Kith 会先告诉你它把每一列当作什么。',
    go: '选择文件',
    later: '以后再说',
  },
}
