/** The team's figures in words and tables. */
import type { CommandError, CountsView, FiguresView, TeamView } from '$lib/backend'
import { number } from '$lib/format'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'
import { all, type Bar } from './chart'
import type { Table } from './words'

/** How far the reading is. */
export function progressText({ stage, done, of }: TeamView): string {
  if (of === null || stage === 'nothing') return m.stats_team_asking()
  const words = { done: number(done), of: number(of) }
  return stage === 'cases' ? m.stats_team_reading_cases(words) : m.stats_team_reading_closed(words)
}

/** Why it went no further, and what to do. */
export function teamTrouble({ trouble, about }: CommandError): string {
  if (about === 'tooMany') return m.stats_team_too_many()
  if (trouble === 'forbidden') return m.stats_team_forbidden()
  if (trouble === 'notOffered') return m.stats_team_no_channel()
  return m.stats_team_cut({ reason: troubleText(trouble) })
}

/** Cases in the place of calls that came in, for the charts. */
export function asCounts({ days, hours, weekdays }: TeamView): Pick<FiguresView, 'days' | 'hours' | 'weekdays'> {
  const counts = (incoming: number): CountsView => ({ incoming, outgoing: 0, missed: 0 })
  return { days: days.map(({ day, received }) => ({ day, calls: counts(received) })), hours: hours.map(counts), weekdays: weekdays.map(counts) }
}

/** What a chart of cases shows, in rows. */
export function caseTable(first: string, bars: Bar[]): Table {
  return { header: [first, m.stats_received()], rows: bars.map(({ name, counts }) => [name, all(counts)]) }
}
