/** Which calls of this desk a case tells of, and how far Omnidesk knows of them. No rule is decided here. */
import type { CallView, CasePageView, MessageView, OutboxRow } from '$lib/backend'
import { callUser, dialable } from '$lib/calls'
import { attemptText, wasPlaced } from '$lib/outcome'

/** What stands on the page: a message, or a call that no message tells of yet. Several messages about one call are one. */
export interface Entry {
  /** Stays the same when the message of a call arrives, so that what is being typed there stays too. */
  key: string
  message: MessageView | null
  call: CallView | null
}

/** The calls logged in the case or dialled from it, oldest first. */
export function callsOf(calls: CallView[], caseId: string): CallView[] {
  return calls
    .filter((call) => (call.case.type === 'linked' ? call.case.caseId === caseId : call.calledFrom === caseId))
    .sort((a, b) => a.offeredAt - b.offeredAt)
}

/** Whether everything about the call has reached Omnidesk that will reach it by itself: the page is worth reading again. */
export function isWritten(call: CallView, outbox: OutboxRow[]): boolean {
  if (call.phase !== 'ended' || call.outcome === null || call.case.type !== 'linked') return false
  const recorded = call.recording === 'none' || call.recording === 'attached' || call.recording === 'failed'
  return recorded && outbox.every((row) => row.call !== call.id || row.state === 'done' || row.state === 'wedged')
}

/** Whether something the agent wrote about the call still waits on this computer. */
export function isOwed(call: CallView, outbox: OutboxRow[]): boolean {
  return outbox.some((row) => row.call === call.id && row.state !== 'done' && (row.what === 'case' || row.what === 'message'))
}

/** The page's messages with their calls; what follows about a call joins its first message (S06). A missed call
 *  of which the page that was read knows all stands in it: another desk may have told it (S27). */
export function entriesOf(messages: MessageView[], logged: CallView[], calls: CallView[], complete: ReadonlySet<string>): Entry[] {
  const entries = new Map<string, Entry>()
  for (const message of messages) {
    const call = calls.find((call) => call.id === message.call) ?? null
    const key = call === null ? `message ${message.id}` : `call ${call.id}`
    const first = entries.get(key)?.message
    entries.set(key, { key, call, message: first == null ? message : joined(first, message) })
  }
  const told = [...entries.values()]
  for (const call of untold(logged, messages, complete)) place(told, { key: `call ${call.id}`, call, message: null })
  return told
}

/** A call that no message tells of yet stands where it belongs by its time; one that goes on stands last. */
function place(entries: Entry[], entry: Entry) {
  const at = entry.call?.phase === 'ended' ? entry.call.offeredAt : null
  const later = at === null ? -1 : entries.findIndex(({ message, call }) => (message?.at ?? call?.offeredAt ?? Infinity) > at)
  entries.splice(later === -1 ? entries.length : later, 0, entry)
}

/** The numbers to call the user on: the one of the last call here first, then those of the profile. */
export function numbersOf(page: CasePageView, calls: CallView[]): string[] {
  const last = calls.filter((call) => dialable(call) !== null).at(-1)?.number.pretty
  const all = [...(last === undefined ? [] : [last]), ...(page.user?.phones ?? [])]
  return [...new Set(all)].filter((number) => number !== '')
}

/** The page as far as this desk knows it, until Omnidesk's is read; null for a case of no call of this desk. */
export function knownPage(caseId: string, calls: CallView[], agent: string | null): CasePageView | null {
  const call = calls.filter((call) => call.case.type === 'linked').at(-1)
  if (call === undefined || call.case.type !== 'linked') return null
  const { number, subject } = call.case
  const row = { id: caseId, number, subject, status: 'other', handset: 'none', staff: agent, updatedAt: null, isCall: true, claim: null } as const
  return { case: row, user: callUser(call), group: null, labels: [], messages: [], url: null }
}

/**
 * Calls that no message tells of. An attempt that rang nobody is never written: only the latest one is worth a line,
 * and only until something else happens.
 */
function untold(calls: CallView[], messages: MessageView[], complete: ReadonlySet<string>): CallView[] {
  const stands = (call: CallView) => call.disposition === 'missed' && complete.has(call.id)
  const rest = calls.filter((call) => !stands(call) && !messages.some((message) => message.call === call.id))
  return rest.filter((call) => attemptText(call) === null || wasPlaced(call) || call === calls.at(-1))
}

function joined(first: MessageView, next: MessageView): MessageView {
  const text = next.text === '' || first.text.includes(next.text) ? first.text : `${first.text}\n\n${next.text}`
  return { ...first, text, attachments: [...first.attachments, ...next.attachments] }
}
