/** What may be written into a field of each format, and the words for what may not. Pure: text in, an error or nothing out. */
import type { FieldFormat } from '$lib/backend'
import { m } from '$lib/m'

/** One line and a text area, in characters: beyond that it is a slip of the clipboard. */
export const MAX_LINE = 255
export const MAX_AREA = 10_000

export type InputFormat = FieldFormat | 'email'

/** Why the text cannot be saved; nothing when it can. Empty text clears the field. */
export function check(format: InputFormat, text: string): string | null {
  const value = text.trim()
  const max = format === 'area' ? MAX_AREA : MAX_LINE
  if (value === '') return null
  if ([...value].length > max) return m.user_too_long({ max, count: [...value].length })
  if (format === 'email' && !isEmail(value)) return m.user_bad_email()
  if (format === 'date' && readDate(value) === null) return m.user_bad_date()
  return null
}

/** The shape of an address: one @, something before it, a dotted domain behind it. */
export function isEmail(text: string): boolean {
  return /^[^\s@<>,;:"()]+@[^\s@<>,;:"().]+(\.[^\s@<>,;:"().]+)+$/.test(text) && !/^\.|\.\.|\.@/.test(text)
}

/** `2027-03-31` from `31.03.2027`, `31/3/2027` or `2027-03-31`; nothing when there is no such day. */
export function readDate(text: string): string | null {
  const value = text.trim()
  const dayFirst = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(value)
  const yearFirst = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value)
  if (dayFirst !== null) return day(Number(dayFirst[3]), Number(dayFirst[2]), Number(dayFirst[1]))
  if (yearFirst !== null) return day(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3]))
  return null
}

/** `31.03.2027` for a stored `2027-03-31`; other text stays as it is. */
export function writeDate(stored: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(stored)
  return match === null ? stored : `${match[3]}.${match[2]}.${match[1]}`
}

function day(year: number, month: number, date: number): string | null {
  const moment = new Date(Date.UTC(year, month - 1, date))
  const exists = moment.getUTCFullYear() === year && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === date
  return exists && year >= 1000 ? moment.toISOString().slice(0, 10) : null
}
