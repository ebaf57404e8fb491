/** The rows of the list of calls: what each shows, which days and which filter they belong to. No rule is decided here. */
import type { LucideIcon } from '@lucide/svelte'
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark'
import Phone from '@lucide/svelte/icons/phone'
import PhoneForwarded from '@lucide/svelte/icons/phone-forwarded'
import PhoneIncoming from '@lucide/svelte/icons/phone-incoming'
import PhoneMissed from '@lucide/svelte/icons/phone-missed'
import PhoneOff from '@lucide/svelte/icons/phone-off'
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing'
import type { CallView, ClaimView, OutboxRow, Route, TalkView } from '$lib/backend'
import { bare } from '$lib/bidi'
import { callLook, callName, callUser, dialable } from '$lib/calls'
import { date, isSameDay, isToday, phone } from '$lib/format'
import { m } from '$lib/m'
import { isMissed, waits } from '$lib/missed'
import { troubleText } from '$lib/trouble'

export type Segment = 'all' | 'missed' | 'incoming' | 'outgoing'

/** Where what the call owes to Omnidesk stands. */
export type Sent = 'none' | 'done' | 'waiting' | 'unsent' | 'wedged'

/** A call, or several missed ones in a row that the back end keeps in one case (S27). */
export interface Row {
  id: string
  /** The newest of them. */
  call: CallView
  calls: CallView[]
  sent: Sent
}

export interface Glyph {
  icon: LucideIcon
  /** Value of data-call. */
  call: string
  /** A disc: this began as a missed call. */
  disc: boolean
  label: string
}

export interface Day {
  title: string
  rows: Row[]
}

export function rowsOf(calls: CallView[], outbox: OutboxRow[]): Row[] {
  const rows: Row[] = []
  for (const call of calls) {
    const last = rows.at(-1)
    if (last !== undefined && joins(last.call, call)) {
      last.calls.push(call)
      last.sent = worse(last.sent, sentOf(call, outbox))
      continue
    }
    rows.push({ id: call.id, call, calls: [call], sent: sentOf(call, outbox) })
  }
  return rows
}

/** Calls that the back end keeps in one row, the latest first. */
export function rowOf(calls: readonly CallView[], outbox: OutboxRow[]): Row | null {
  const [call] = calls
  if (call === undefined) return null
  const sent = calls.map((one) => sentOf(one, outbox)).reduce(worse, 'none')
  return { id: call.id, call, calls: [...calls], sent }
}

/** Who waits to be called back, each once however often they called, the newest first. */
export function waitingRows(calls: CallView[], outbox: OutboxRow[]): Row[] {
  const rows = new Map<string, Row>()
  for (const call of calls) {
    if (call.waiting === null) continue
    const row = rows.get(call.waiting)
    const sent = sentOf(call, outbox)
    if (row === undefined) rows.set(call.waiting, { id: call.id, call, calls: [call], sent })
    else {
      row.calls.push(call)
      row.sent = worse(row.sent, sent)
    }
  }
  return [...rows.values()]
}

/** How long the first of these calls has waited: «15 мин», «2 ч», «3 дн». */
export function ageOf(row: Row, now: number): string {
  const minutes = Math.max(0, Math.floor((now - (row.calls.at(-1) ?? row.call).offeredAt) / 60_000))
  if (minutes < 60) return m.calls_age_minutes({ count: minutes })
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? m.calls_age_hours({ count: hours }) : m.calls_age_days({ count: Math.floor(hours / 24) })
}

export function inSegment(row: Row, segment: Segment): boolean {
  switch (segment) {
    case 'all':
      return true
    case 'missed':
      return waits(row.call)
    case 'incoming':
      return row.call.direction === 'inbound'
    case 'outgoing':
      return row.call.direction === 'outbound'
  }
}

/** Whether the filter's text occurs in the name, company, number, case or subject. */
export function matches(row: Row, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return true
  const { call } = row
  const user = callUser(call)
  const filed = call.case.type === 'linked' ? [call.case.number, call.case.subject] : []
  const texts = [callName(call), user?.company ?? '', bare(phone(call.number)), ...filed].map((text) => text.toLowerCase())
  if (texts.some((text) => text.includes(wanted))) return true
  const digits = wanted.replace(/\D/g, '')
  return digits.length >= 3 && digits.length === wanted.replace(/[\s()+-]/g, '').length && digitsOf(call).includes(digits)
}

export function days(rows: Row[]): Day[] {
  const out: Day[] = []
  for (const row of rows) {
    const at = row.call.offeredAt
    const last = out.at(-1)
    if (last !== undefined && isSameDay(last.rows[0]?.call.offeredAt ?? 0, at)) last.rows.push(row)
    else out.push({ title: dayTitle(at), rows: [row] })
  }
  return out
}

/** The page that a click opens: the case, else the draft, else the profile; a live unknown caller can be linked. */
export function routeOf(call: CallView): Route | null {
  const live = call.phase !== 'ended'
  if (call.case.type === 'linked') return { page: 'case', case: call.case.caseId, call: live ? call.id : null }
  if (call.case.type === 'draft') return { page: 'compose', call: call.id }
  const user = callUser(call)
  if (user !== null) return { page: 'profile', user: user.id, call: call.id }
  return live && call.caller.type === 'unknown' ? { page: 'search', call: call.id } : null
}

export function glyphOf({ call }: Row): Glyph {
  if (call.phase !== 'ended') {
    const look = callLook(call)
    return { icon: look.icon, call: look.call, disc: false, label: look.title }
  }
  switch (call.disposition) {
    case 'missed':
      return missedGlyph(call.talkedLater)
    case 'answered':
      return talkedGlyph(call)
    case null:
      return call.answeredAt === null ? unreached() : talkedGlyph(call)
    case 'unknown':
      return { icon: CircleQuestionMark, call: 'ended', disc: false, label: m.call_unknown() }
    case 'answeredElsewhere':
      return { icon: PhoneIncoming, call: 'ended', disc: false, label: m.calls_kind_colleague() }
    case 'declined':
      return call.direction === 'outbound' ? unreached() : { icon: PhoneOff, call: 'ended', disc: false, label: m.calls_declined() }
    case 'noAnswer':
    case 'busy':
    case 'failed':
      return unreached()
  }
}

/** Whom a click on the handset of a row calls, and for which case; null where nobody can be called. */
export interface CallAgain {
  number: string
  /** A missed call is answered from its case (S33c), an attempt from a case is repeated from there. */
  caseId: string | null
  label: string
}

export function callAgain({ call }: Row): CallAgain | null {
  const number = dialable(call)
  if (number === null || call.phase !== 'ended') return null
  const words = { number: phone(call.number) }
  const label = call.direction === 'outbound' ? m.calls_call_again(words) : m.calls_call_back(words)
  const answersMissed = waits(call) && call.case.type === 'linked'
  return { number, caseId: answersMissed && call.case.type === 'linked' ? call.case.caseId : call.calledFrom, label }
}

/** The call for which a row is claimed or let go: the one that was claimed, else the newest. */
export function claimedCall(row: Row, claim: ClaimView | null): string {
  return (row.calls.find((call) => claim !== null && call.claim === claim) ?? row.call).id
}

/** What stands under the name. */
export function clientNote(call: CallView): string {
  switch (call.caller.type) {
    case 'known':
      return call.caller.user.company ?? ''
    case 'several':
      return m.calls_several({ count: call.caller.users.length })
    case 'unknown':
      return call.pbxName === null ? m.calls_unknown() : m.calls_pbx_name()
    case 'lookingUp':
      return m.calls_looking_up()
    case 'notLookedUp':
      return call.direction === 'internal' ? m.calls_colleague() : ''
    case 'unavailable':
      return troubleText(call.caller.trouble)
    case 'withheld':
      return ''
  }
}

export function dayTitle(at: number): string {
  if (isToday(at)) return m.calls_today({ date: date(at) })
  const yesterday = new Date()
  yesterday.setDate(yesterday.getDate() - 1)
  return isSameDay(at, yesterday.getTime()) ? m.calls_yesterday({ date: date(at) }) : date(at)
}

/** Missed calls in a row of one case. */
function joins(newer: CallView, older: CallView): boolean {
  if (!isMissed(newer) || !isMissed(older) || !isSameDay(newer.offeredAt, older.offeredAt)) return false
  return newer.case.type === 'linked' && older.case.type === 'linked' && newer.case.caseId === older.case.caseId
}

function sentOf(call: CallView, outbox: OutboxRow[]): Sent {
  const rows = outbox.filter((row) => row.call === call.id)
  if (rows.some((row) => row.state === 'wedged')) return 'wedged'
  if (call.draft.unsent) return 'unsent'
  if (rows.some((row) => row.state !== 'done') || call.case.type === 'sending') return 'waiting'
  return rows.length > 0 || call.case.type === 'linked' ? 'done' : 'none'
}

function worse(a: Sent, b: Sent): Sent {
  const order: Sent[] = ['none', 'done', 'waiting', 'unsent', 'wedged']
  return order.indexOf(a) > order.indexOf(b) ? a : b
}

function digitsOf(call: CallView): string {
  return `${call.number.e164 ?? ''} ${call.number.pretty}`.replace(/[^\d ]/g, '')
}

function missedGlyph(later: TalkView | null): Glyph {
  if (later === null) return { icon: PhoneMissed, call: 'missed', disc: true, label: m.calls_kind_missed() }
  if (later.direction === 'outbound') return { icon: PhoneOutgoing, call: 'called-back', disc: true, label: m.calls_kind_called_back() }
  return { icon: PhoneIncoming, call: 'called-back', disc: true, label: m.calls_kind_talked_later() }
}

function unreached(): Glyph {
  return { icon: PhoneOff, call: 'ended', disc: false, label: m.calls_kind_no_answer() }
}

function talkedGlyph(call: CallView): Glyph {
  if (call.transferredTo !== null || call.transferredFrom !== null) return { icon: PhoneForwarded, call: 'talking', disc: false, label: m.calls_kind_transferred() }
  switch (call.direction) {
    case 'inbound':
      return { icon: PhoneIncoming, call: 'talking', disc: false, label: m.calls_kind_incoming() }
    case 'outbound':
      return { icon: PhoneOutgoing, call: 'talking', disc: false, label: m.calls_kind_outgoing() }
    case 'internal':
      return { icon: Phone, call: 'talking', disc: false, label: m.calls_kind_internal() }
  }
}
