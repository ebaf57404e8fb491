/** What was decided when a call ended, and why, in words (codes are the names of the domain's reasons). */
import type { CallView, CaseStatusView, ClosedMissedState, OutcomeView, RecordingView } from './backend'
import { m } from './m'

/** Reasons that follow «Статус «…», …». */
const BECAUSE = new Map<string, () => string>([
  ['missed', m.common_reason_missed],
  ['missedAgain', m.common_reason_missed_again],
  ['answeredAndCreated', m.common_reason_answered],
  ['answeredAndAttached', m.common_reason_attached],
  ['answeredNothingCreated', m.common_reason_nothing_created],
  ['answeredOnlyTyped', m.common_reason_only_typed],
  ['composeLeftEmpty', m.common_reason_compose_left_empty],
  ['transferredUntouched', m.common_reason_transferred],
  ['calledAndCreated', m.common_reason_called],
  ['calledAndAttached', m.common_reason_called],
  ['calledFromCase', m.common_reason_called_from_case],
  ['calledUntouched', m.common_reason_called_untouched],
  ['attemptUntouched', m.common_reason_attempt_untouched],
  ['callBackFailed', m.common_reason_call_back_failed],
])

/** Reasons that are a sentence of their own. */
const SENTENCES = new Map<string, () => string>([
  ['internal', m.common_reason_internal],
  ['answeredByColleague', m.common_reason_answered_by_colleague],
  ['nobodyToWriteFor', m.common_reason_nobody_to_write_for],
  ['attemptNoted', m.common_reason_attempt_noted],
  ['attemptNotWanted', m.common_reason_attempt_not_wanted],
  ['agentDidNotPickUp', m.common_reason_agent_did_not_pick_up],
  ['notPlaced', m.common_reason_not_placed],
  ['outcomeUnknown', m.common_reason_outcome_unknown],
])

const STATUS = {
  open: m.common_status_in_sentence_open,
  waiting: m.common_status_in_sentence_waiting,
  closed: m.common_status_in_sentence_closed,
  other: m.common_status_in_sentence_other,
}

const CLOSED_MISSED: Record<ClosedMissedState, () => string> = {
  closed: m.common_closed_missed_why,
  reopened: m.common_missed_reopened,
  overruled: m.common_missed_overruled,
}

const RECORDING: Record<RecordingView, () => string> = {
  none: m.common_recording_none,
  expected: m.common_recording_expected,
  waiting: m.common_recording_waiting,
  sending: m.common_recording_sending,
  attached: m.common_recording_attached,
  failed: m.common_recording_failed,
}

/** «Статус «в ожидании», потому что вы ответили на звонок»; null for a reason this version does not know. */
export function outcomeText(outcome: OutcomeView): string | null {
  if (outcome.overruled) return m.common_overruled()
  if (outcome.undone) return undoneText(outcome)
  const status = outcome.status === null ? null : STATUS[outcome.status]()
  const sentence = SENTENCES.get(outcome.reason)?.()
  if (sentence !== undefined) return status === null ? sentence : m.common_status_and({ status, reason: sentence })
  const reason = BECAUSE.get(outcome.reason)?.()
  if (reason === undefined) return null
  return status === null ? m.common_status_kept({ reason }) : m.common_status_reason({ status, reason })
}

/** «правило S30»; null where no rule of this version decided. */
export function ruleText(outcome: OutcomeView): string | null {
  return outcome.rule === '' ? null : m.common_rule({ rule: outcome.rule })
}

/** Whether «Отменить» is offered. */
export function canUndo(outcome: OutcomeView): boolean {
  return outcome.undo !== null && !outcome.undone && !outcome.overruled
}

/** What became of a missed-call case that a conversation closed; follows its number. */
export function closedMissedText(state: ClosedMissedState): string {
  return CLOSED_MISSED[state]()
}

/** Whether the PBX or its line refused a call after it had begun to dial: a number without a way, a line that is full. */
export function wasRefused(call: CallView): boolean {
  return call.trouble === 'noRoute' || call.trouble === 'noSuchNumber' || call.trouble === 'lineRefused'
}

/** Why a call to the client came to nothing; null for any other call (S22). */
export function attemptText(call: CallView): string | null {
  if (call.direction !== 'outbound' || call.phase !== 'ended' || call.answeredAt !== null) return null
  if (call.outcome?.reason === 'agentDidNotPickUp') return m.common_attempt_not_picked_up()
  if (wasRefused(call)) return m.common_attempt_failed()
  if (call.outcome?.reason === 'notPlaced' || call.trouble !== null) return m.common_attempt_not_placed()
  if (call.disposition === 'unknown') return m.call_unknown()
  if (call.disposition === 'busy') return m.common_attempt_busy()
  if (call.disposition === 'declined') return m.common_attempt_declined()
  return call.disposition === 'failed' ? m.common_attempt_failed() : m.common_attempt()
}

/** Whether the client's phone rang at all: only then the case keeps the attempt. */
export function wasPlaced(call: CallView): boolean {
  return call.trouble === null && call.outcome?.reason !== 'agentDidNotPickUp' && call.outcome?.reason !== 'notPlaced'
}

/** A status inside a sentence: «в ожидании». */
export function statusInSentence(status: CaseStatusView): string {
  return STATUS[status]()
}

export function recordingText(recording: RecordingView): string {
  return RECORDING[recording]()
}

function undoneText(outcome: OutcomeView): string {
  const status = outcome.undo ?? outcome.status
  return status === null ? m.common_undone() : m.common_status_undone({ status: STATUS[status]() })
}
