/** What was decided when a call ended, and why, in words (codes are the names of the domain's reasons). */
import type { CaseStatusView, OutcomeView, RecordingView } from './backend'
import { m } from './m'

/** Reasons that follow «Статус «…», …». */
const BECAUSE: Record<string, () => string> = {
  missed: m.common_reason_missed,
  missedAgain: m.common_reason_missed_again,
  answeredAndCreated: m.common_reason_answered,
  answeredAndAttached: m.common_reason_attached,
  answeredNothingCreated: m.common_reason_nothing_created,
  answeredOnlyTyped: m.common_reason_only_typed,
  composeLeftEmpty: m.common_reason_compose_left_empty,
  transferredUntouched: m.common_reason_transferred,
  calledAndCreated: m.common_reason_called,
  calledAndAttached: m.common_reason_called,
  calledUntouched: m.common_reason_called_untouched,
  callBackFailed: m.common_reason_call_back_failed,
}

/** Reasons that are a sentence of their own. */
const SENTENCES: Record<string, () => string> = {
  internal: m.common_reason_internal,
  answeredByColleague: m.common_reason_answered_by_colleague,
  nobodyToWriteFor: m.common_reason_nobody_to_write_for,
  attemptNoted: m.common_reason_attempt_noted,
  attemptNotWanted: m.common_reason_attempt_not_wanted,
  agentDidNotPickUp: m.common_reason_agent_did_not_pick_up,
}

const STATUS = {
  open: m.common_status_in_sentence_open,
  waiting: m.common_status_in_sentence_waiting,
  closed: m.common_status_in_sentence_closed,
  other: m.common_status_in_sentence_other,
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
  const sentence = SENTENCES[outcome.reason]
  if (sentence !== undefined) return sentence()
  const reason = BECAUSE[outcome.reason]
  if (reason === undefined || outcome.status === null) return null
  return m.common_status_reason({ status: STATUS[outcome.status](), reason: reason() })
}

/** A status inside a sentence: «в ожидании». */
export function statusInSentence(status: CaseStatusView): string {
  return STATUS[status]()
}

export function recordingText(recording: RecordingView): string {
  return RECORDING[recording]()
}
