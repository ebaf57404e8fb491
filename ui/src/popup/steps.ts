/** The steps that a dialled or an ended call shows. */
import AudioLines from '@lucide/svelte/icons/audio-lines'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleDashed from '@lucide/svelte/icons/circle-dashed'
import CircleDot from '@lucide/svelte/icons/circle-dot'
import Clock from '@lucide/svelte/icons/clock'
import CloudUpload from '@lucide/svelte/icons/cloud-upload'
import FileX from '@lucide/svelte/icons/file-x'
import Info from '@lucide/svelte/icons/info'
import LoaderCircle from '@lucide/svelte/icons/loader-circle'
import MonitorCheck from '@lucide/svelte/icons/monitor-check'
import PhoneOff from '@lucide/svelte/icons/phone-off'
import type { CallView, CaseStatusView } from '$lib/backend'
import { dialTrouble } from '$lib/dialing.svelte'
import { m } from '$lib/m'
import { canUndo, closedMissedText, outcomeText, recordingText } from '$lib/outcome'
import { openCase, openCaseById } from './open'
import type { Step } from './Steps.svelte'
import { waitText } from './why'

/** Two steps, as the PBX rings the agent's softphone first (S18); a call from the softphone has only the second. */
export function dialSteps(call: CallView, elapsed: number | null): Step[] {
  const end = elapsed === null ? undefined : waitText(elapsed)
  if (call.phase === 'callingAgent') return [{ icon: LoaderCircle, call: 'wait', text: m.popup_pick_up(), active: true, end }]
  const pickedUp: Step[] = call.ordered ? [{ icon: CircleCheck, call: 'ok', text: m.popup_picked_up() }] : []
  return [...pickedUp, { icon: LoaderCircle, call: 'wait', text: m.popup_calling(), active: true, end }]
}

/** What was done with an ended call and why (S30). While the disk refuses, nothing is under way. */
export function endSteps(call: CallView, undo: () => void, diskRefuses = false): Step[] {
  const steps = [troubleStep(call), goneStep(call), elsewhereStep(call), caseStep(call, diskRefuses), reasonStep(call, undo), ...closedMissedSteps(call), recordingStep(call)]
  return steps.filter((step) => step !== null)
}

/** The case that the agent chose was deleted in Omnidesk. */
export function goneStep(call: CallView): Step | null {
  if (!call.caseGone) return null
  return { icon: FileX, call: 'wait', text: call.case.type === 'linked' ? m.common_case_gone() : m.common_case_gone_yet() }
}

/** Another computer of this agent writes the call. */
function elsewhereStep(call: CallView): Step | null {
  if (!call.elsewhere) return null
  return { icon: MonitorCheck, call: 'wait', text: call.case.type === 'sending' ? m.common_elsewhere_yet() : m.common_elsewhere() }
}

/** Why the PBX did not place the call. */
function troubleStep({ trouble }: CallView): Step | null {
  return trouble === null ? null : { icon: PhoneOff, call: 'fail', text: dialTrouble({ trouble, about: null }) }
}

function caseStep(call: CallView, diskRefuses: boolean): Step | null {
  switch (call.case.type) {
    case 'none':
    case 'draft':
      return null
    case 'sending':
      return { icon: CloudUpload, call: 'wait', text: diskRefuses ? m.popup_case_waits_disk() : m.popup_case_sending() }
    case 'linked': {
      const { number, attached } = call.case
      return {
        icon: CircleCheck,
        call: 'ok',
        text: attached ? m.popup_case_attached_before() : m.popup_case_created_before(),
        link: { text: number, after: attached ? '' : m.popup_case_created_after(), onclick: () => openCase(call) },
      }
    }
  }
}

function reasonStep(call: CallView, undo: () => void): Step | null {
  const { outcome } = call
  const text = outcome === null ? null : outcomeText(outcome)
  // Why it was not placed is said already, and more exactly.
  if (outcome === null || text === null || (call.trouble !== null && outcome.reason === 'notPlaced')) return null
  const look = STATUS[outcome.status ?? 'none']
  return canUndo(outcome) ? { ...look, text: `${text}.`, link: { text: m.common_undo(), after: '', onclick: undo, acts: true } } : { ...look, text }
}

/** The missed-call cases that this call closed (S33a, S33d). */
function closedMissedSteps(call: CallView): Step[] {
  return (call.outcome?.closedMissed ?? []).map(({ caseId, number, state }) => {
    const after = state === 'closed' ? m.popup_closed() : closedMissedText(state)
    const onclick = () => openCaseById(caseId, call)
    return number === null
      ? { icon: CircleCheck, key: caseId, text: '', link: { text: m.common_closed_missed(), after, onclick } }
      : { icon: CircleCheck, key: caseId, text: m.common_closed_missed(), link: { text: number, after, onclick } }
  })
}

const STATUS: Record<CaseStatusView | 'none', Pick<Step, 'icon' | 'call'>> = {
  open: { icon: CircleDot },
  waiting: { icon: Clock, call: 'wait' },
  closed: { icon: CircleCheck },
  other: { icon: CircleDashed },
  none: { icon: Info },
}

function recordingStep(call: CallView): Step | null {
  if (call.recording === 'none') return null
  return { icon: AudioLines, call: call.recording === 'failed' ? 'fail' : undefined, text: recordingText(call.recording) }
}
