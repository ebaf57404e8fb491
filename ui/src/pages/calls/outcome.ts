/** How a call went, in two lines: the word, and how long or how often. */
import type { CallView } from '$lib/backend'
import { callLook, callTimer } from '$lib/calls'
import { talkTimer, time } from '$lib/format'
import { m } from '$lib/m'
import type { Row } from './rows'

export interface OutcomeLines {
  word: string
  note: string
  /** The word is red: nobody has talked with the caller yet. */
  lost: boolean
}

export function outcomeLines(row: Row, now: number): OutcomeLines {
  const { call } = row
  if (call.phase !== 'ended') return { word: callLook(call).title, note: callTimer(call, now), lost: false }
  switch (call.disposition) {
    case 'missed':
      return missedLines(row)
    case 'answered':
    case null:
      return { word: talkedWord(call), note: talkedNote(call), lost: false }
    case 'answeredElsewhere':
      return { word: m.call_answered_elsewhere(), note: '', lost: false }
    case 'declined':
      return { word: m.calls_declined(), note: ringSpan(call), lost: false }
    case 'busy':
      return { word: m.call_busy(), note: '', lost: false }
    case 'noAnswer':
      return { word: m.call_no_answer(), note: m.calls_rang({ span: ringSpan(call) }), lost: false }
    case 'failed':
      return { word: m.call_failed(), note: '', lost: false }
  }
}

function missedLines({ call, calls, later }: Row): OutcomeLines {
  if (later !== null) {
    const word = later.direction === 'outbound' ? m.calls_called_back() : m.calls_talked_later()
    return { word, note: m.calls_later_at({ time: time(later.offeredAt), talk: talkSpan(later) }), lost: false }
  }
  const span = ringSpan(call)
  const note = calls.length > 1 ? `${m.calls_in_a_row({ count: calls.length })} · ${span}` : span
  return { word: m.calls_outcome_missed(), note, lost: true }
}

function talkedWord(call: CallView): string {
  return call.transferredTo === null ? m.calls_talked() : m.calls_transferred_to({ to: call.transferredTo })
}

function talkedNote(call: CallView): string {
  const span = talkSpan(call)
  return call.transferredFrom === null ? span : `${span} · ${m.calls_transferred_from({ from: call.transferredFrom })}`
}

function talkSpan(call: CallView): string {
  if (call.answeredAt === null) return ''
  return talkTimer((call.endedAt ?? Date.now()) - call.answeredAt)
}

function ringSpan(call: CallView): string {
  return m.calls_seconds({ count: Math.max(0, Math.round(((call.endedAt ?? call.offeredAt) - call.offeredAt) / 1000)) })
}
