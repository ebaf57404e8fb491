/** The steps that a dialled or an ended call shows. */
import AudioLines from '@lucide/svelte/icons/audio-lines'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleDashed from '@lucide/svelte/icons/circle-dashed'
import CircleDot from '@lucide/svelte/icons/circle-dot'
import Clock from '@lucide/svelte/icons/clock'
import CloudUpload from '@lucide/svelte/icons/cloud-upload'
import Info from '@lucide/svelte/icons/info'
import LoaderCircle from '@lucide/svelte/icons/loader-circle'
import type { CallView, CaseStatusView } from '$lib/backend'
import { m } from '$lib/m'
import { outcomeText, recordingText } from '$lib/outcome'
import { openCase } from './open'
import type { Step } from './Steps.svelte'
import { waitText } from './why'

/** Two steps, as the PBX rings the softphone first (S18). */
export function dialSteps(call: CallView, now: number): Step[] {
  const wait = waitText(now - call.offeredAt)
  if (call.phase === 'callingAgent') return [{ icon: LoaderCircle, text: m.popup_pick_up(), active: true, end: wait }]
  return [
    { icon: CircleCheck, call: 'ok', text: m.popup_picked_up() },
    { icon: LoaderCircle, text: m.popup_calling(), active: true, end: wait },
  ]
}

/** What was done with an ended call and why (S30). */
export function endSteps(call: CallView): Step[] {
  return [caseStep(call), reasonStep(call), recordingStep(call)].filter((step) => step !== null)
}

function caseStep(call: CallView): Step | null {
  switch (call.case.type) {
    case 'none':
    case 'draft':
      return null
    case 'sending':
      return { icon: CloudUpload, call: 'wait', text: m.popup_case_sending() }
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

function reasonStep(call: CallView): Step | null {
  const text = call.outcome === null ? null : outcomeText(call.outcome)
  if (call.outcome === null || text === null) return null
  return { ...STATUS[call.outcome.status ?? 'none'], text }
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
