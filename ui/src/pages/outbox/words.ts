/** Rows of the outbox in words: what is sent, why it waits, what went wrong. */
import type { LucideIcon } from '@lucide/svelte'
import AudioLines from '@lucide/svelte/icons/audio-lines'
import Check from '@lucide/svelte/icons/check'
import CircleDot from '@lucide/svelte/icons/circle-dot'
import CloudUpload from '@lucide/svelte/icons/cloud-upload'
import Inbox from '@lucide/svelte/icons/inbox'
import MicOff from '@lucide/svelte/icons/mic-off'
import MessageSquareText from '@lucide/svelte/icons/message-square-text'
import MessageSquareX from '@lucide/svelte/icons/message-square-x'
import UserPen from '@lucide/svelte/icons/user-round-pen'
import UserPlus from '@lucide/svelte/icons/user-round-plus'
import type { CallView, OutboxRow } from '$lib/backend'
import { listed } from '$lib/bidi'
import { callName, callTimer, callUser } from '$lib/calls'
import { isToday, phone, userName } from '$lib/format'
import { m } from '$lib/m'
import { statusInSentence } from '$lib/outcome'
import { troubleText } from '$lib/trouble'

export interface Groups {
  wedged: OutboxRow[]
  queued: OutboxRow[]
  sent: OutboxRow[]
}

/** What needs a decision, what is on its way, and what was sent today, newest first. */
export function groupsOf(rows: OutboxRow[]): Groups {
  return {
    wedged: rows.filter((row) => row.state === 'wedged'),
    queued: rows.filter((row) => row.state === 'sending' || row.state === 'queued' || row.state === 'blocked'),
    sent: rows.filter((row) => row.state === 'done' && isToday(row.createdAt)).sort((a, b) => b.createdAt - a.createdAt),
  }
}

export function titleOf(row: OutboxRow, call: CallView | null): string {
  const number = caseNumber(call)
  switch (row.what) {
    case 'user':
      return m.outbox_what_user({ number: call === null ? '' : phone(call.number) }).trim()
    case 'case':
      return number === null ? m.outbox_what_case() : m.outbox_what_case_number({ number })
    case 'message':
      return number === null ? m.outbox_what_message() : m.outbox_what_message_number({ number })
    case 'recording':
      return call === null || call.answeredAt === null ? m.outbox_what_recording() : m.outbox_what_recording_span({ span: callTimer(call, Date.now()) })
    case 'status':
      return statusTitle(call, number)
    case 'labels':
      return m.outbox_what_labels()
    case 'claim':
      return m.outbox_what_claim()
    case 'move':
      return m.outbox_what_move()
    case 'link':
      return linkTitle(call)
    case 'edit':
      return editTitle(call)
    default:
      return m.outbox_what_other()
  }
}

/** The second line. */
export function noteOf(row: OutboxRow, call: CallView | null): string {
  if (row.state === 'wedged') return wedgedText(row)
  if (row.recording === 'never') return m.outbox_recording_never()
  const parts = [row.state === 'done' ? subjectOf(call) : whereTo(row, call)]
  if (row.state !== 'done' && row.trouble !== null) parts.push(waitReason(row))
  if (row.state === 'blocked' && isRecordingAtPbx(row, call)) parts.push(m.outbox_pbx_prepares())
  return listed(parts)
}

/** The case a person has to look into before trying again; null where looking does not help. */
export function caseToMend(row: OutboxRow, call: CallView | null): { caseId: string; number: string } | null {
  const helps = row.state === 'wedged' && (isMandatory(row) || (row.trouble === 'forbidden' && isAboutCase(row)))
  return helps && call?.case.type === 'linked' ? { caseId: call.case.caseId, number: call.case.number } : null
}

/** What a blocked row waits for. */
export function blockedText(row: OutboxRow, call: CallView | null): string {
  if (call !== null && call.phase !== 'ended') return m.outbox_wait_call()
  if (isRecordingAtPbx(row, call)) return m.outbox_wait_pbx()
  if (row.what !== 'user' && row.what !== 'case' && caseNumber(call) === null) return m.outbox_wait_case()
  return m.outbox_wait_other()
}

export function iconOf(row: OutboxRow): LucideIcon {
  if (row.recording === 'never') return row.state === 'done' ? MicOff : AudioLines
  if (row.state === 'done') return Check
  switch (row.what) {
    case 'user':
    case 'link':
      return UserPlus
    case 'edit':
      return UserPen
    case 'case':
      return Inbox
    case 'message':
      return row.state === 'wedged' ? MessageSquareX : MessageSquareText
    case 'recording':
      return AudioLines
    case 'status':
      return CircleDot
    default:
      return CloudUpload
  }
}

/** Lines for administrators; attempts only where there were any. */
export function detailsOf(row: OutboxRow): string[] {
  const lines: string[] = []
  if (row.code !== null) lines.push(m.outbox_details_code({ code: row.code }))
  if (row.attempts > 0) lines.push(m.outbox_details_attempts({ count: row.attempts }))
  lines.push(m.outbox_details_id({ id: row.id }))
  return lines
}

/** What Ringside itself says where it knows that an attempt is in vain; and what Omnidesk's own codes say more than "refused". */
const OWN = {
  no_channel: m.outbox_wedged_no_channel,
  user_without_contact: m.outbox_wedged_no_contact,
  recording_forbidden: m.outbox_wedged_recording_forbidden,
  recording_too_large: m.outbox_wedged_recording_large,
  email_already_exist: m.outbox_wedged_email_taken,
  phone_already_exist: m.outbox_wedged_phone_taken,
}

function wedgedText(row: OutboxRow): string {
  switch (row.trouble) {
    case 'gone':
      return goneText(row)
    case 'badCredentials':
      return m.outbox_wedged_credentials()
    case 'forbidden':
      return isAboutCase(row) ? m.outbox_wedged_forbidden_case() : m.outbox_wedged_forbidden()
    case 'badSetting':
      return m.outbox_wedged_setting()
    case 'storage':
      return m.outbox_wedged_storage()
    case 'refused':
    case null:
      if (row.code !== null && row.code in OWN) return OWN[row.code as keyof typeof OWN]()
      return isMandatory(row) ? m.outbox_wedged_mandatory() : m.outbox_wedged_refused()
    case 'unreachable':
    case 'unknownHost':
    case 'tls':
    case 'noTls':
    case 'needsTls':
    case 'readOnly':
    case 'plainHttp':
    case 'timeout':
    case 'wrongService':
    case 'booting':
    case 'noSuchExtension':
    case 'notOffered':
    case 'phoneOffline':
    case 'noRoute':
    case 'noSuchNumber':
    case 'lineRefused':
    case 'openPbx':
    case 'replaced':
    case 'silent':
    case 'closed':
    case 'rateLimited':
    case 'serverError':
    case 'foreignHost':
    case 'fileAddress':
    case 'notSound':
    case 'flooding':
    case 'noKeychain':
    case 'keychainLocked':
    case 'other':
      return m.outbox_wedged_other({ reason: troubleText(row.trouble) })
  }
}

function goneText(row: OutboxRow): string {
  if (isAboutCase(row)) return m.outbox_wedged_gone_case()
  return row.what === 'link' || row.what === 'edit' ? m.outbox_wedged_gone_user() : m.outbox_wedged_gone()
}

/** Omnidesk says no more than that it refuses; what it asks for before a status changes are the mandatory fields. */
function isMandatory(row: OutboxRow): boolean {
  return row.trouble === 'refused' && row.what === 'status'
}

function isAboutCase(row: OutboxRow): boolean {
  return row.what === 'message' || row.what === 'status' || row.what === 'recording'
}

function waitReason(row: OutboxRow): string {
  if (row.trouble === null) return ''
  return row.trouble === 'rateLimited' ? m.outbox_waits_rate() : troubleText(row.trouble)
}

function whereTo(row: OutboxRow, call: CallView | null): string {
  if (call === null) return ''
  const number = caseNumber(call)
  if (row.what === 'recording' && number !== null) return m.outbox_into_case({ number })
  if (row.what === 'case' || row.what === 'status') return subjectOf(call)
  if (row.what === 'link' || row.what === 'user' || row.what === 'edit') return ''
  return m.outbox_call({ who: callName(call) })
}

function subjectOf(call: CallView | null): string {
  return call?.case.type === 'linked' || call?.case.type === 'sending' ? call.case.subject : ''
}

function caseNumber(call: CallView | null): string | null {
  return call?.case.type === 'linked' ? call.case.number : null
}

function statusTitle(call: CallView | null, number: string | null): string {
  if (number === null) return m.outbox_what_status()
  const status = call?.outcome?.status ?? null
  return status === null ? m.outbox_what_status_number({ number }) : m.outbox_what_status_is({ status: statusInSentence(status), number })
}

function linkTitle(call: CallView | null): string {
  const number = call === null ? '' : phone(call.number)
  const user = call === null ? null : callUser(call)
  return user === null ? m.outbox_what_link({ number }) : m.outbox_what_link_user({ number, user: userName(user) })
}

function editTitle(call: CallView | null): string {
  const user = call === null ? null : callUser(call)
  return user === null ? m.outbox_what_edit() : m.outbox_what_edit_user({ user: userName(user) })
}

function isRecordingAtPbx(row: OutboxRow, call: CallView | null): boolean {
  return row.what === 'recording' && (call?.recording === 'waiting' || call?.recording === 'expected')
}
