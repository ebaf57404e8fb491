/** The team's statistics of the made-up desk, all read, or as far as a scene says. */
import { figures } from './figures'
import type { FiguresRange, TeamView } from '../types'

const BY_DAY = [38, 41, 52, 12, 7, 47, 55]

export function teamFigures(range: FiguresRange, part: Partial<TeamView> = {}): TeamView {
  const { first, last, days, hours, weekdays } = figures(range)
  const received = days.map(({ day }, i) => ({ day, received: BY_DAY[(i + 35 - days.length) % 7]! }))
  const all = received.reduce((sum, day) => sum + day.received, 0)
  const closed = Math.round(all * 0.7)
  return {
    first,
    last,
    stage: 'done',
    done: closed,
    of: closed,
    trouble: null,
    readAt: Date.now() - 90_000,
    received: all,
    receivedBefore: all - 21,
    closed,
    recorded: Math.round(all * 0.6),
    unlooked: 0,
    barred: 2,
    days: received,
    hours: hours.map(({ incoming }) => incoming * 2),
    weekdays: weekdays.map((_, i) => BY_DAY[i]!),
    best: [
      { staff: '331', name: 'Игорь Самсонов', you: false, closed: 48 },
      { staff: '330', name: 'Анна Лебедева', you: true, closed: 41 },
      { staff: '334', name: 'Маргарита Константинопольская-Преображенская', you: false, closed: 29 },
      { staff: '340', name: null, you: false, closed: 3 },
    ],
    byRule: 6,
    closerUntold: 0,
    recordingUntold: 14,
    unreadable: 0,
    ...part,
  }
}

/** So far nothing is known of those days but what a scene says. */
export function noTeamFigures(range: FiguresRange, part: Partial<TeamView> = {}): TeamView {
  const some = teamFigures(range)
  return {
    ...some,
    stage: 'nothing',
    done: 0,
    of: null,
    readAt: null,
    received: 0,
    receivedBefore: null,
    closed: 0,
    recorded: 0,
    barred: 0,
    days: some.days.map(({ day }) => ({ day, received: 0 })),
    hours: some.hours.map(() => 0),
    weekdays: some.weekdays.map(() => 0),
    best: [],
    byRule: 0,
    recordingUntold: 0,
    ...part,
  }
}
