/** Why a case got its status, in plain words: the codes are the names of the decision table's reasons. */
import type { CaseStatusView, OutcomeView } from './backend'
import { m } from './m'

const REASONS: Record<string, () => string> = {
  internal: m.calls_reason_internal,
  answeredByColleague: m.calls_reason_answered_by_colleague,
  nobodyToWriteFor: m.calls_reason_nobody_to_write_for,
  missed: m.calls_reason_missed,
  missedAgain: m.calls_reason_missed_again,
  answeredAndCreated: m.calls_reason_answered_and_created,
  answeredAndAttached: m.calls_reason_answered_and_attached,
  answeredNothingCreated: m.calls_reason_answered_nothing_created,
  answeredOnlyTyped: m.calls_reason_answered_only_typed,
  composeLeftEmpty: m.calls_reason_compose_left_empty,
  transferredUntouched: m.calls_reason_transferred_untouched,
  calledAndCreated: m.calls_reason_called_and_created,
  calledAndAttached: m.calls_reason_called_and_attached,
  calledUntouched: m.calls_reason_called_untouched,
  attemptNoted: m.calls_reason_attempt_noted,
  callBackFailed: m.calls_reason_call_back_failed,
  attemptNotWanted: m.calls_reason_attempt_not_wanted,
  agentDidNotPickUp: m.calls_reason_agent_did_not_pick_up,
}

/** The reasons of outcomes that leave no case behind. */
const NO_CASE = new Set(['internal', 'answeredByColleague', 'nobodyToWriteFor', 'attemptNotWanted', 'agentDidNotPickUp'])

const STATUSES: Record<CaseStatusView, () => string> = {
  open: m.calls_status_open,
  waiting: m.calls_status_waiting,
  closed: m.calls_status_closed,
  other: m.calls_status_other,
}

/** «вы ответили на звонок», to stand after «потому что»; null for a code of a later version. */
export function reasonText(reason: string): string | null {
  return REASONS[reason]?.() ?? null
}

/** A status inside a sentence: «в ожидании». */
export function statusWord(status: CaseStatusView): string {
  return STATUSES[status]()
}

/** «Статус «в ожидании», потому что вы ответили на звонок»; null when there is nothing to tell. */
export function outcomeText(outcome: OutcomeView): string | null {
  const reason = reasonText(outcome.reason)
  if (outcome.status === null) {
    if (reason === null) return null
    return NO_CASE.has(outcome.reason) ? m.calls_because_no_case({ reason }) : m.calls_because_same_status({ reason })
  }
  const status = statusWord(outcome.status)
  return reason === null ? m.calls_status_only({ status }) : m.calls_because_status({ status, reason })
}
