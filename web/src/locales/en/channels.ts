export const channels = {
  title: 'Channels',
  about: 'What each medium brings for what it costs, soon and in the long run.',
  totals: 'The whole business',
  before: 'against {{from}} – {{until}}',
  empty: {
    title: 'Nothing was measured here',
    about: 'Reads, visits, orders and costs from your files give the picture of each medium.',
    range: 'There is nothing in these days. Look at all time.',
    all: 'Show all time',
  },
  runs: {
    title: 'Of 100 people first reached, how many bought',
    about: 'Those whom the medium reached first. A medium may do little in a week and much in half a year.',
    sentence: 'In the long run ({{run}}) {{medium}} does best: {{share}} of those whom it reached first bought.',
    run: 'Short or long run',
    within: 'Within {{run}}',
  },
  trend: {
    days: 'Visits by day',
    weeks: 'Visits by week',
    day: 'Day',
    week: 'Week from',
    others: 'All others',
    sentence: 'Visits from {{from}} to {{until}}; most came by {{media}}.',
  },
  cost: {
    title: 'Input and output by medium',
    about: 'Credit goes to the last touch before the order. That is a correlation: some would have bought anyway.',
  },
}
