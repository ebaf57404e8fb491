/** How a call went, in two lines: the word, and how long or how often. */
import type { CallView, TalkView } from '$lib/backend'
import { callLook, callTimer } from '$lib/calls'
import { talkTimer, time } from '$lib/format'
import { m } from '$lib/m'
import { wasRefused } from '$lib/outcome'
import { troubleText } from '$lib/trouble'
import type { Row } from './rows'

export interface OutcomeLines {
  word: string
  note: string
  /** The word is red: nobody is known to have talked with the caller. */
  lost: boolean
}

export function outcomeLines(row: Row, now: number): OutcomeLines {
  const { call } = row
  if (call.phase !== 'ended') return { word: callLook(call).title, note: callTimer(call, now), lost: false }
  switch (call.disposition) {
    case 'missed':
      return missedLines(row)
    case 'answered':
      return { word: talkedWord(call), note: talkedNote(call), lost: false }
    case null:
      return call.answeredAt === null ? notBegun(call) : { word: talkedWord(call), note: talkedNote(call), lost: false }
    case 'unknown':
      return { word: m.call_unknown(), note: unseenSpan(call), lost: true }
    case 'answeredElsewhere':
      return { word: m.call_answered_elsewhere(), note: '', lost: false }
    case 'declined':
      return call.direction === 'outbound' ? notBegun(call) : { word: m.calls_declined(), note: ringSpan(call), lost: false }
    case 'busy':
      return { word: m.call_busy(), note: '', lost: false }
    case 'noAnswer':
    case 'failed':
      return notBegun(call)
  }
}

export function directionWord({ direction }: CallView): string {
  switch (direction) {
    case 'inbound':
      return m.calls_direction_inbound()
    case 'outbound':
      return m.calls_direction_outbound()
    case 'internal':
      return m.calls_direction_internal()
  }
}

function missedLines({ call, calls }: Row): OutcomeLines {
  const later = call.talkedLater
  if (later !== null) {
    const word = later.direction === 'outbound' ? m.calls_called_back() : m.calls_talked_later()
    return { word, note: m.calls_later_at({ time: time(later.offeredAt), talk: laterSpan(later) }), lost: false }
  }
  const span = ringSpan(call)
  const note = calls.length > 1 ? `${m.calls_in_a_row({ count: calls.length })} · ${span}` : span
  return { word: m.calls_outcome_missed(), note, lost: true }
}

/** A call of the agent that did not come to a talk: the client did not answer, declined, or was not even rung. */
function notBegun(call: CallView): OutcomeLines {
  if (call.outcome?.reason === 'agentDidNotPickUp') return { word: m.calls_not_picked_up(), note: '', lost: false }
  if (call.trouble !== null && wasRefused(call)) return { word: m.call_failed(), note: troubleText(call.trouble), lost: false }
  if (call.trouble !== null) return { word: m.calls_not_placed(), note: troubleText(call.trouble), lost: false }
  if (call.outcome?.reason === 'notPlaced') return { word: m.calls_not_placed(), note: '', lost: false }
  if (call.disposition === 'declined') return { word: m.calls_declined(), note: m.calls_rang({ span: ringSpan(call) }), lost: false }
  if (call.disposition === 'failed') return { word: m.call_failed(), note: '', lost: false }
  return { word: m.call_no_answer(), note: m.calls_rang({ span: ringSpan(call) }), lost: false }
}

function talkedWord(call: CallView): string {
  if (call.transferredTo !== null) return transferredTo(call)
  return call.transferredFrom === null ? m.calls_talked() : m.calls_transferred_from({ from: call.transferredFrom })
}

/** Passed to and fro: the later one is the word, the earlier one stands below. */
function talkedNote(call: CallView): string {
  const span = talkSpan(call)
  if (call.transferredTo === null || call.transferredFrom === null) return span
  return `${span} · ${m.calls_transferred_from({ from: call.transferredFrom })}`
}

/** To whom is not always known. */
function transferredTo(call: CallView): string {
  return call.transferredTo ? m.calls_transferred_to({ to: call.transferredTo }) : m.calls_kind_transferred()
}

function talkSpan({ answeredAt, endedAt, talkAtLeast }: CallView): string {
  return answeredAt === null ? '' : spanOf(answeredAt, endedAt, talkAtLeast)
}

function laterSpan({ answeredAt, endedAt, atLeast }: TalkView): string {
  return spanOf(answeredAt, endedAt, atLeast)
}

function spanOf(answeredAt: number, endedAt: number | null, atLeast: boolean): string {
  const talk = talkTimer((endedAt ?? Date.now()) - answeredAt)
  return atLeast ? m.calls_at_least({ talk }) : talk
}

/** When Ringside could not look. */
function unseenSpan(call: CallView): string {
  return call.unseen === null ? '' : m.calls_unseen({ from: time(call.unseen.from), to: time(call.unseen.to) })
}

function ringSpan(call: CallView): string {
  return m.calls_seconds({ count: Math.max(0, Math.round(((call.endedAt ?? call.offeredAt) - call.offeredAt) / 1000)) })
}
