/** What a call is called on the screen: its state's colour, glyph, word and timer. No rule is decided here. */
import type { LucideIcon } from '@lucide/svelte'
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark'
import Pause from '@lucide/svelte/icons/pause'
import Phone from '@lucide/svelte/icons/phone'
import PhoneForwarded from '@lucide/svelte/icons/phone-forwarded'
import PhoneIncoming from '@lucide/svelte/icons/phone-incoming'
import PhoneMissed from '@lucide/svelte/icons/phone-missed'
import PhoneOff from '@lucide/svelte/icons/phone-off'
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing'
import type { CallView, UserView } from './backend'
import { phone, shortTimer, talkTimer, userName } from './format'
import { m } from './m'

export interface CallLook {
  /** Value of data-call: ringing, dialing, talking, missed, ended. */
  call: 'ringing' | 'dialing' | 'talking' | 'missed' | 'ended'
  icon: LucideIcon
  title: string
}

export function callLook(call: CallView): CallLook {
  switch (call.phase) {
    case 'ringing':
      return { call: 'ringing', icon: PhoneIncoming, title: m.call_incoming() }
    case 'callingAgent':
    case 'dialing':
      return { call: 'dialing', icon: PhoneOutgoing, title: m.call_outgoing() }
    case 'talking':
      return { call: 'talking', icon: Phone, title: m.call_talking() }
    case 'held':
      return { call: 'talking', icon: Pause, title: m.call_held() }
    case 'ended':
      return endedLook(call)
  }
}

/** The running time of a live call: ringing as `0:07`, talking as `02:14`; of an ended one its talk or ring time. */
export function callTimer(call: CallView, now: number): string {
  const end = call.endedAt ?? now
  if (call.answeredAt !== null) return talkTimer(end - call.answeredAt)
  return shortTimer(end - call.offeredAt)
}

/** The one user the call belongs to, if that is known. */
export function callUser(call: CallView): UserView | null {
  return call.caller.type === 'known' ? call.caller.user : null
}

/** The person, or what the PBX called them, or the number; of a colleague without any that it was one: nobody has hidden it. */
export function callName(call: CallView): string {
  const user = callUser(call)
  if (user !== null) return userName(user)
  if (call.pbxName === null && call.direction === 'internal' && call.number.pretty === '') return m.common_colleague()
  return call.pbxName ?? phone(call.number)
}

/** The live call with this user, if there is one. */
export function callOfUser(calls: CallView[], user: string): CallView | null {
  return calls.find((call) => call.phase !== 'ended' && callUser(call)?.id === user) ?? null
}

/** Whether the call is still without a case, so that it can be attached to one. */
export function canAttach(call: CallView): boolean {
  return (call.case.type === 'none' || call.case.type === 'draft') && call.direction !== 'internal'
}

/** What to dial to reach the other side again; null for a hidden number or none. */
export function dialable({ number }: CallView): string | null {
  return number.dial
}

/** Whether a case can be opened for it: for a user or whoever is outside, whatever the number looks like; never for a hidden one (S14). */
export function canHaveCase(call: CallView): boolean {
  return callUser(call) !== null || (call.direction !== 'internal' && call.number.kind !== 'withheld')
}

function endedLook(call: CallView): CallLook {
  switch (call.disposition) {
    case 'missed':
      return { call: 'missed', icon: PhoneMissed, title: m.call_missed() }
    case 'unknown':
      return { call: 'ended', icon: CircleQuestionMark, title: m.call_unknown() }
    case 'answeredElsewhere':
      return { call: 'ended', icon: PhoneForwarded, title: m.call_answered_elsewhere() }
    case 'declined':
      return { call: 'ended', icon: PhoneOff, title: m.call_declined() }
    case 'busy':
      return { call: 'ended', icon: PhoneOff, title: m.call_busy() }
    case 'noAnswer':
      return { call: 'ended', icon: PhoneOff, title: m.call_no_answer() }
    case 'failed':
      return { call: 'ended', icon: PhoneOff, title: m.call_failed() }
    case 'answered':
    case null:
      return { call: 'ended', icon: Phone, title: m.call_ended() }
  }
}
