/** What one can choose in the list: the last calls, or the people that a name stands for, a row for each number. */
import type { CallView, FoundUser, UserView } from '$lib/backend'
import { listed } from '$lib/bidi'
import { callName, callUser } from '$lib/calls'
import { phone, userName } from '$lib/format'
import { m } from '$lib/m'
import { isMissed } from '$lib/missed'
import { glyphOf, type Glyph } from '../pages/calls/rows'

const MOST_RECENT = 6
/** A name that fits half the base is not chosen from here, but typed further. */
const MOST_FOUND = 20

export interface Option {
  id: string
  name: string
  /** Under the name. */
  note: string
  /** What is dialled; null where nothing can be. */
  number: string | null
  /** The handset of a recent call; a person has initials instead. */
  glyph: Glyph | null
  /** When the recent call was. */
  at: number | null
}

/** The last outside numbers, each once, newest first. */
export function recentOptions(calls: CallView[]): Option[] {
  const newest = new Map<string, CallView>()
  for (const call of [...calls].sort((a, b) => b.offeredAt - a.offeredAt)) {
    const { e164, dial } = call.number
    // A certain number is dialled as E.164.
    if (e164 !== null && dial !== null && call.direction !== 'internal' && !newest.has(dial)) newest.set(dial, call)
  }
  return [...newest].slice(0, MOST_RECENT).map(([number, call]) => ({
    id: `recent-${call.id}`,
    name: callName(call),
    note: callUser(call) === null && call.pbxName === null ? '' : phone(call.number),
    number,
    glyph: handset(call, calls),
    at: call.offeredAt,
  }))
}

/** Further numbers in the text in the field. */
export function otherOptions(numbers: string[]): Option[] {
  return numbers.map((number) => ({ id: `other-${number}`, name: number, note: '', number, glyph: null, at: null }))
}

export function peopleOptions(found: FoundUser[]): Option[] {
  return found.flatMap(({ user, dial }) => personOptions(user, dial)).slice(0, MOST_FOUND)
}

function personOptions(user: UserView, dial: string[]): Option[] {
  const base = { name: userName(user), glyph: null, at: null }
  if (user.phones.length === 0) return [{ ...base, id: `person-${user.id}`, note: m.dial_without_number(), number: null }]
  return user.phones.map((number, i) => ({
    ...base,
    id: `person-${user.id}-${i}`,
    note: listed([number, i === 0 ? user.company : i === 1 ? m.dial_second_number() : m.dial_other_number()]),
    number: dial[i] ?? null,
  }))
}

/** The handset as the list of calls shows it: a conversation right after a missed call is «Перезвонили». */
function handset(call: CallView, calls: CallView[]): Glyph {
  const before = calls
    .filter((other) => other.number.e164 === call.number.e164 && other.offeredAt < call.offeredAt)
    .reduce<CallView | null>((last, other) => (last === null || other.offeredAt > last.offeredAt ? other : last), null)
  const began = call.answeredAt !== null && before !== null && isMissed(before) ? before : call
  return glyphOf({ id: began.id, call: began, calls: [began], sent: 'none' })
}
