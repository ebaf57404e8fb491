/** Missed calls as the windows count them: those after which nobody talked with the caller yet. */
import type { CallView } from './backend'

/** Whether the call ended without anybody taking it. */
export function isMissed(call: CallView): boolean {
  return call.phase === 'ended' && call.disposition === 'missed'
}

/** The first conversation with the same number after this call, if there was one. */
export function talkedLater(call: CallView, calls: CallView[]): CallView | null {
  const later = calls.filter((other) => other.answeredAt !== null && other.offeredAt > call.offeredAt && sameNumber(other, call))
  return later.reduce<CallView | null>((first, other) => (first === null || other.offeredAt < first.offeredAt ? other : first), null)
}

/** Hidden numbers are never the same as anything. */
function sameNumber(a: CallView, b: CallView): boolean {
  if (a.number.e164 !== null || b.number.e164 !== null) return a.number.e164 === b.number.e164
  return a.number.kind !== 'withheld' && a.number.pretty !== '' && a.number.pretty === b.number.pretty
}
