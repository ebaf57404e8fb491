/** Numbers, moments and spans as text, in the language in use. */
import type { NumberView, UserView } from './backend'
import { language } from './i18n.svelte'
import { m } from './m'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** Ringing: `0:07`. */
export function shortTimer(ms: number): string {
  const [minutes, seconds] = minutesAndSeconds(ms)
  return `${minutes}:${pad(seconds)}`
}

/** Talking: `02:14`, from an hour on `1:02:14`. */
export function talkTimer(ms: number): string {
  const [minutes, seconds] = minutesAndSeconds(ms)
  if (minutes < 60) return `${pad(minutes)}:${pad(seconds)}`
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds)}`
}

/** `14:05`. */
export function time(at: number): string {
  return intl({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** «12 ноября», with the year if it is another one. */
export function date(at: number): string {
  return intl({ day: 'numeric', month: 'long', ...otherYear(at) }).format(at)
}

/** How many midnights of this computer lie between two moments; a day of 23 or 25 hours is one, too. */
export function daysBetween(from: number, to: number): number {
  const noon = (at: number) => new Date(at).setHours(12, 0, 0, 0)
  return Math.round((noon(to) - noon(from)) / 86_400_000)
}

/** «12 ноя», with the year if it is another one. */
export function shortDate(at: number): string {
  return intl({ day: 'numeric', month: 'short', ...otherYear(at) })
    .format(at)
    .replaceAll('.', '')
    .replace('нояб', 'ноя')
    .replace('сент', 'сен')
    .replace('февр', 'фев')
}

/** `14:05` today, «12 ноября в 14:05» otherwise. */
export function moment(at: number): string {
  return isToday(at) ? time(at) : m.common_date_at_time({ date: date(at), time: time(at) })
}

/** `14:05` today, «вчера» yesterday, «12 ноя» before. */
export function shortMoment(at: number): string {
  if (isToday(at)) return time(at)
  return isSameDay(at, Date.now() - DAY) ? m.common_yesterday() : shortDate(at)
}

/** A date field such as `2027-03-31`: «31 марта 2027 г.»; other text stays as it is. */
export function dateField(text: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return text
  const day = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return intl({ day: 'numeric', month: 'long', year: 'numeric' }).format(day).replace(/\s?г\.$/, '')
}

/** `+7 (921) 555-01-34, доб. 118`; a hidden number in words. */
export function phone(number: NumberView): string {
  if (number.kind === 'withheld' || number.pretty === '') return m.common_number_withheld()
  if (number.extension === null) return number.pretty
  return m.common_number_with_extension({ number: number.pretty, extension: number.extension })
}

/** Text in which telephone numbers do not break at the end of a line; for showing only. */
export function unbroken(text: string): string {
  return text.replace(/\+?\d[\d ()-]{5,}\d/g, (number) => number.replaceAll(' ', '\u00a0').replaceAll('-', '\u2011'))
}

/** «1 240», `1,240`. */
export function number(value: number): string {
  return new Intl.NumberFormat(language()).format(value)
}

/** Size of a file: «412 КБ», «1,2 МБ». */
export function fileSize(bytes: number): string {
  const rounded = (value: number, digits: number) =>
    new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value)
  if (bytes < 1024 * 1024) return m.common_kilobytes({ size: rounded(Math.max(1, bytes / 1024), 0) })
  return m.common_megabytes({ size: rounded(bytes / 1024 / 1024, 1) })
}

/** A person's name, or what else is known of them. */
export function userName(user: UserView): string {
  return user.name || user.email || user.phones[0] || m.common_nameless()
}

/** «ЕВ» for «Екатерина Воскресенская»; empty when there is no letter to show. */
export function initials(name: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => /\p{L}/u.exec(word)?.[0] ?? '')
    .filter((letter) => letter !== '')
  return letters.slice(0, 2).join('').toUpperCase()
}

export function isToday(at: number): boolean {
  return isSameDay(at, Date.now())
}

export function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

function otherYear(at: number): Intl.DateTimeFormatOptions {
  return new Date(at).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }
}

function minutesAndSeconds(ms: number): [number, number] {
  const seconds = Math.max(0, Math.floor(ms / SECOND))
  return [Math.floor(seconds / 60), seconds % 60]
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format is slow, using one is not. */
function intl(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = language() === 'ru' ? 'ru-RU' : 'en-GB'
  const key = locale + JSON.stringify(options)
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, options)
    formats.set(key, format)
  }
  return format
}
