/** The line below the number: why this person, or why nobody. */
import type { LucideIcon } from '@lucide/svelte'
import BadgeCheck from '@lucide/svelte/icons/badge-check'
import Clock from '@lucide/svelte/icons/clock'
import CloudOff from '@lucide/svelte/icons/cloud-off'
import Info from '@lucide/svelte/icons/info'
import PhoneForwarded from '@lucide/svelte/icons/phone-forwarded'
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing'
import Search from '@lucide/svelte/icons/search'
import SearchX from '@lucide/svelte/icons/search-x'
import type { CallView, CallerView } from '$lib/backend'
import { time } from '$lib/format'
import { m } from '$lib/m'

export interface Why {
  icon: LucideIcon
  text: string
  /** exact: green, plain: grey. */
  tone: 'exact' | 'plain'
}

export function why(call: CallView): Why | null {
  if (call.phase === 'ended') return endedWhy(call)
  if (call.calledFrom !== null) return plain(PhoneOutgoing, fromCaseText(call))
  if (call.transferredFrom !== null) return plain(PhoneForwarded, m.popup_transferred_from({ from: call.transferredFrom }))
  if (call.caller.type === 'known' && call.phase === 'talking' && call.direction !== 'internal') {
    return { icon: BadgeCheck, text: m.popup_profile_is_open(), tone: 'exact' }
  }
  return callerWhy(call.caller, call.direction === 'internal')
}

/** «23 с», «1 мин 5 с». */
export function waitText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return m.popup_seconds({ count: seconds })
  return m.popup_minutes_seconds({ minutes: Math.floor(seconds / 60), seconds: seconds % 60 })
}

/** Blindly, to somebody the PBX did not name: empty. */
function transferredToText(to: string): string {
  return to === '' ? m.popup_transferred() : m.popup_transferred_to({ to })
}

/** The case's number is known once the call is in the case. */
function fromCaseText({ case: filed, calledFrom }: CallView): string {
  return filed.type === 'linked' && filed.caseId === calledFrom ? m.popup_from_case({ number: filed.number }) : m.popup_from_a_case()
}

function endedWhy(call: CallView): Why | null {
  if (call.transferredTo !== null) return plain(PhoneForwarded, transferredToText(call.transferredTo))
  if (call.answeredAt !== null) {
    return call.transferredFrom === null ? null : plain(PhoneForwarded, m.popup_transferred_from({ from: call.transferredFrom }))
  }
  // How long the client waited; when the agent called, nobody waited.
  if (call.direction === 'outbound') return call.calledFrom === null ? null : plain(PhoneOutgoing, fromCaseText(call))
  const wait = waitText((call.endedAt ?? call.offeredAt) - call.offeredAt)
  return plain(Clock, m.popup_missed_at({ time: time(call.offeredAt), wait }))
}

function callerWhy(caller: CallerView, isColleague: boolean): Why | null {
  switch (caller.type) {
    case 'lookingUp':
      return plain(Search, m.popup_looking_up())
    case 'known':
      return { icon: BadgeCheck, text: MATCHED[caller.matched](), tone: 'exact' }
    case 'several':
      return null
    case 'unknown':
      return plain(SearchX, m.popup_unknown())
    case 'withheld':
      return plain(Info, m.popup_withheld_why())
    case 'notLookedUp':
      return plain(Info, isColleague ? m.popup_colleague() : m.popup_not_a_number())
    case 'unavailable':
      return plain(CloudOff, m.popup_unavailable())
  }
}

const MATCHED = { exact: m.popup_match_exact, linked: m.popup_match_linked, chosen: m.popup_match_chosen }

function plain(icon: LucideIcon, text: string): Why {
  return { icon, text, tone: 'plain' }
}
