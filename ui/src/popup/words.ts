/** What the popup is called and what it says to a screen reader: one sentence per change, no timers. */
import type { CallView } from '$lib/backend'
import { listed } from '$lib/bidi'
import { callLook, callUser } from '$lib/calls'
import { dialTrouble } from '$lib/dialing.svelte'
import { phone, userName } from '$lib/format'
import { m } from '$lib/m'

/** The made-up call of «Показать пробный звонок» (S02); no PBX makes such an id. */
export function isSample(call: CallView): boolean {
  return call.id === 'sample'
}

/** «Входящий звонок», «Второй звонок» while another conversation goes on, and so on. */
export function stateText(call: CallView, others: CallView[]): string {
  if (call.phase === 'ringing' && others.some((other) => other.phase === 'talking' || other.phase === 'held')) return m.call_second()
  return callLook(call).title
}

/** The accessible name: state and person. */
export function label(call: CallView, others: CallView[]): string {
  return m.popup_label({ state: stateText(call, others), who: whoText(call) })
}

/** The sentence for the live region. */
export function announcement(call: CallView, others: CallView[]): string {
  return listed([stateText(call, others), whoText(call), ...detail(call)], ', ')
}

function whoText(call: CallView): string {
  const user = callUser(call)
  return user === null ? phone(call.number) : userName(user)
}

function detail(call: CallView): string[] {
  switch (call.phase) {
    case 'ringing':
      return ringingDetail(call)
    case 'callingAgent':
      return [m.popup_pick_up_said()]
    case 'dialing':
      return [m.popup_calling_said()]
    case 'talking':
    case 'held':
      return []
    case 'ended':
      return endedDetail(call)
  }
}

function endedDetail({ case: filed, trouble }: CallView): string[] {
  if (trouble !== null) return [dialTrouble({ trouble, about: null })]
  return filed.type === 'linked' ? [filed.attached ? m.popup_case_attached_said() : m.popup_case_made_said()] : []
}

function ringingDetail({ caller }: CallView): string[] {
  switch (caller.type) {
    case 'known':
      return caller.user.company === null ? [] : [caller.user.company]
    case 'several':
      return [m.popup_several_said({ count: caller.users.length })]
    case 'unknown':
      return [m.popup_unknown_said()]
    case 'lookingUp':
    case 'withheld':
    case 'notLookedUp':
    case 'unavailable':
      return []
  }
}
