/** Statistics in words: days, changes, spans, and the tables behind the charts. */
import type { CountsView, FiguresRange, FiguresView, TotalsView } from '$lib/backend'
import type { Cell } from '$lib/csv'
import { date, number, shortDate } from '$lib/format'
import { language } from '$lib/i18n.svelte'
import { m } from '$lib/m'
import { all, type Bar } from './chart'

export type Choice = FiguresRange['type']

/** A table with its header. */
export interface Table {
  header: string[]
  rows: Cell[][]
}

const MINUTE = 60_000
/** The hours that are shown though nothing happened in them: the usual ones of an office. */
const FIRST_HOUR = 8
const LAST_HOUR = 18
/** With more, a bar each is too narrow. */
const MOST_DAYS = 62

/** A day of the calendar, `2026-11-18`, as a moment of it. */
export function noon(day: string): number {
  const [year = 1970, month = 1, of = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, of, 12).getTime()
}

/** «18 ноября», or «18 ноября – 24 ноября». */
export function daysText(first: string, last: string): string {
  return first === last ? date(noon(first)) : m.stats_days({ first: date(noon(first)), last: date(noon(last)) })
}

/** «1 ч 5 мин». */
export function spanText(ms: number): string {
  const minutes = Math.round(ms / MINUTE)
  if (minutes < 60) return m.stats_minutes({ minutes })
  return m.stats_hours({ hours: number(Math.floor(minutes / 60)), minutes: minutes % 60 })
}

/** How a figure differs from the range before. */
export function changeText(now: number, before: number, view: FiguresView, choice: Choice): string {
  const since = view.keptSince
  // A history that begins within the range before says nothing about that.
  if (since === null) return m.stats_no_history()
  if (dayOf(since) > view.beforeFirst) return m.stats_no_before({ day: date(since) })
  return differenceText(now, before, view.days.length, choice)
}

/** How a figure of so many days differs from that of as many days before. */
export function differenceText(now: number, before: number, days: number, choice: Choice): string {
  if (now === before) return m.stats_same()
  const than = choice === 'today' ? m.stats_than_yesterday() : days === 1 ? m.stats_than_day() : m.stats_than_days({ count: days })
  const words = { count: number(Math.abs(now - before)), than }
  return now > before ? m.stats_more(words) : m.stats_less(words)
}

/** The day of a moment, `2026-11-18`. */
export function dayOf(at: number): string {
  const day = new Date(at)
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** The days one by one; of a long range seven at a time, as bars of a pixel tell nothing. */
export function dayBars(
  view: Pick<FiguresView, 'days'>,
  titles: { day: () => string; week: () => string } = { day: m.stats_by_day, week: m.stats_by_week },
): { title: string; first: string; bars: Bar[] } {
  if (view.days.length <= MOST_DAYS) {
    const bars = view.days.map(({ day, calls }) => ({ label: shortDate(noon(day)), name: date(noon(day)), counts: calls }))
    return { title: titles.day(), first: m.stats_day(), bars }
  }
  const bars: Bar[] = []
  for (let i = 0; i < view.days.length; i += 7) {
    const week = view.days.slice(i, i + 7)
    const [first, last] = [week[0]!.day, week.at(-1)!.day]
    bars.push({ label: shortDate(noon(first)), name: daysText(first, last), counts: sum(week.map(({ calls }) => calls)) })
  }
  return { title: titles.week(), first: m.stats_week(), bars }
}

function sum(all: CountsView[]): CountsView {
  const add = (a: CountsView, b: CountsView) => ({ incoming: a.incoming + b.incoming, outgoing: a.outgoing + b.outgoing, missed: a.missed + b.missed })
  return all.reduce(add, { incoming: 0, outgoing: 0, missed: 0 })
}

/** The office's hours, and those beside them in which there were calls. */
export function hourBars(view: Pick<FiguresView, 'hours'>): Bar[] {
  const busy = view.hours.flatMap((counts, hour) => (all(counts) > 0 ? [hour] : []))
  const [first, last] = [Math.min(FIRST_HOUR, ...busy), Math.max(LAST_HOUR, ...busy)]
  return view.hours.slice(first, last + 1).map((counts, i) => ({ label: String(first + i), name: `${String(first + i).padStart(2, '0')}:00`, counts }))
}

export function weekdayBars(view: Pick<FiguresView, 'weekdays'>): Bar[] {
  return view.weekdays.map((counts, i) => ({ label: weekday(i, 'short'), name: weekday(i, 'long'), counts }))
}

/** Monday first. */
function weekday(place: number, length: 'short' | 'long'): string {
  const name = new Intl.DateTimeFormat(language() === 'ru' ? 'ru-RU' : 'en-GB', { weekday: length, timeZone: 'UTC' })
  // 1 January 2024 was a Monday.
  return name.format(Date.UTC(2024, 0, 1 + place))
}

/** What a chart shows, in rows. */
export function barTable(first: string, bars: Bar[]): Table {
  return {
    header: [first, m.stats_incoming(), m.stats_outgoing(), m.stats_lost(), m.stats_all()],
    rows: bars.map(({ name, counts }) => [name, counts.incoming, counts.outgoing, counts.missed, all(counts)]),
  }
}

/** What became of missed calls. */
export function missedText({ calls, talkedSince, waiting, hidden }: TotalsView): string {
  if (calls.missed === 0) return m.stats_missed_none()
  const words = { talked: number(talkedSince), waiting: number(waiting) }
  return hidden === 0 ? m.stats_missed_text(words) : m.stats_missed_hidden({ ...words, hidden: number(hidden) })
}
