export const channels = {
  title: '渠道',
  about: '每个媒体花了多少、带来多少，短期与长期分开看。',
  totals: '整个商家',
  before: '对比 {{from}} – {{until}}',
  empty: {
    title: '这里没有数据',
    about: '文件里的阅读、访问、订单和成本会画出每个媒体的样子。',
    range: '这些日期里没有数据，看看全部时间。',
    all: '显示全部时间',
  },
  runs: {
    title: '首次触达的 100 人中有多少人购买',
    about: '指该媒体首先触达的人。一个媒体可能一周内作用很小，半年后作用很大。',
    sentence: '长期（{{run}}）看，{{medium}}最好：首次触达的人中 {{share}} 购买了。',
    run: '短期或长期',
    within: '{{run}}内',
  },
  trend: {
    days: '每日访问',
    weeks: '每周访问',
    day: '日',
    week: '周（起）',
    others: '其他',
    sentence: '{{from}}至{{until}}的访问；最多的是{{media}}。',
  },
  cost: {
    title: '各媒体的投入与产出',
    about: '功劳记给下单前最后一个触点。这只是相关：有些人本来就会买。',
  },
}
