/** The trial call of the set-up: which call it is, how far it is, and what stands in its way. */
import type { CallView, DeskView } from '$lib/backend'
import { callName } from '$lib/calls'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'

/** How long one waits for it until something is said to be wrong, ms. */
export const PATIENCE = 60_000

/** The newest call to this desk since the trial began; what Ringside itself has dialled is none. */
export function trialCall(calls: readonly CallView[], since: number): CallView | null {
  const mine = calls.filter((call) => call.offeredAt >= since && call.direction !== 'outbound' && !call.ordered)
  return mine.reduce<CallView | null>((newest, call) => (newest === null || call.offeredAt > newest.offeredAt ? call : newest), null)
}

export interface TrialStep {
  key: 'rings' | 'popup' | 'answered' | 'over' | 'case'
  text: string
  seen: boolean
}

/** How far it is. Of a call that nobody answered that step stays open; what came of it in Omnidesk is said at its end. */
export function stepsOf(call: CallView | null, inPopup: boolean): TrialStep[] {
  const rings = call === null ? m.trial_rings() : m.trial_rings_from({ who: call.number.pretty || callName(call) })
  const isDecided = call !== null && call.outcome !== null
  const isFiled = isDecided && call.case.type !== 'none'
  return [
    { key: 'rings', text: rings, seen: call !== null },
    { key: 'popup', text: m.trial_popup(), seen: inPopup },
    { key: 'answered', text: m.trial_answered(), seen: call !== null && call.answeredAt !== null },
    { key: 'over', text: m.trial_ended(), seen: call !== null && call.phase === 'ended' },
    { key: 'case', text: !isDecided ? m.trial_case_pending() : isFiled ? m.trial_case() : m.trial_no_case(), seen: isDecided },
  ]
}

/** Why no call may be seen, in plain words; null while nothing is known to be wrong. */
export function obstacleText(view: DeskView, late: boolean): string | null {
  const { pbx, agent } = view
  if (pbx.state === 'down') return m.trial_no_pbx({ reason: pbx.trouble === null ? m.settings_down() : troubleText(pbx.trouble) })
  if (agent.phoneOnline === false) return m.trial_no_phone({ extension: agent.extension })
  return late ? m.trial_none({ extension: agent.extension }) : null
}
