/** Statistics of a desk that has been busy for a month: the days asked for, ending today. */
import type { CountsView, FiguresRange, FiguresView, TotalsView } from '../types'

const DAY = 24 * 60 * 60 * 1000
/** Calls of seven days, the quiet ones a weekend. */
const WEEK: [number, number, number][] = [
  [14, 9, 2],
  [17, 8, 3],
  [21, 11, 4],
  [6, 1, 1],
  [3, 0, 2],
  [19, 12, 4],
  [22, 13, 3],
]
const BY_HOUR = [4, 9, 18, 25, 21, 13, 19, 27, 22, 12, 5]

const counts = ([incoming, outgoing, missed]: [number, number, number]): CountsView => ({ incoming, outgoing, missed })
const NONE = counts([0, 0, 0])
const add = (one: CountsView, other: CountsView) => counts([one.incoming + other.incoming, one.outgoing + other.outgoing, one.missed + other.missed])

export function totals(part: Partial<TotalsView> = {}): TotalsView {
  return { received: 0, firstReply: 0, closed: 0, calls: NONE, unknown: 0, talkMs: 0, talkAtLeast: false, talkedSince: 0, waiting: 0, hidden: 0, ...part }
}

export function figures(range: FiguresRange): FiguresView {
  const length = { today: 1, yesterday: 1, week: 7, month: 30, days: 7 }[range.type]
  const last = Date.now() - (range.type === 'yesterday' ? DAY : 0)
  const text = (at: number) => {
    const day = new Date(at)
    return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
  }
  const days = Array.from({ length }, (_, i) => {
    const at = last - (length - 1 - i) * DAY
    return { day: text(at), calls: counts(WEEK[(i + 35 - length) % 7]!) }
  })
  const calls = days.reduce((sum, day) => add(sum, day.calls), NONE)
  const hour = (count: number) => counts([Math.round(count * 0.6), Math.round(count * 0.3), Math.round(count * 0.1)])
  return {
    first: days[0]!.day,
    last: days.at(-1)!.day,
    beforeFirst: text(last - (2 * length - 1) * DAY),
    beforeLast: text(last - length * DAY),
    today: text(Date.now()),
    now: totals({ received: 148, firstReply: 96, closed: 87, calls, unknown: 2, talkMs: 11 * 3_600_000, talkedSince: 15, waiting: 4, hidden: 0 }),
    before: totals({ received: 136, firstReply: 96, closed: 91, calls: counts([90, 48, 21]) }),
    day: totals({ received: 19, calls: counts([22, 13, 3]), talkMs: 5_040_000, talkedSince: 2, waiting: 1 }),
    days,
    hours: Array.from({ length: 24 }, (_, i) => (BY_HOUR[i - 8] === undefined ? NONE : hour(BY_HOUR[i - 8]!))),
    weekdays: WEEK.map(counts),
    lines: [
      { line: '+7 (812) 555-01-00', calls: counts([61, 0, 9]) },
      { line: '8 800 555-01-10', calls: counts([34, 0, 8]) },
      { line: null, calls: counts([7, 0, 2]) },
    ],
    otherLines: NONE,
    best: [
      { agent: 'anna@severtech.example', you: true, closed: 31 },
      { agent: 'igor.samsonov@severtech.example', you: false, closed: 24 },
      { agent: '206', you: false, closed: 13 },
    ],
    unreadable: 0,
    keptSince: last - 90 * DAY,
  }
}

/** Of a desk that has had no call yet. */
export function noFigures(range: FiguresRange): FiguresView {
  const some = figures(range)
  return {
    ...some,
    now: totals(),
    before: totals(),
    day: totals(),
    days: some.days.map(({ day }) => ({ day, calls: NONE })),
    hours: some.hours.map(() => NONE),
    weekdays: some.weekdays.map(() => NONE),
    lines: [],
    best: [],
    keptSince: null,
  }
}
