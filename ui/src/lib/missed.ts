/** Missed calls; whose caller still waits, and as whom, is said by the back end. */
import type { CallView } from './backend'

/** Whether the call ended without anybody taking it. */
export function isMissed(call: CallView): boolean {
  return call.phase === 'ended' && call.disposition === 'missed'
}

/** Whether the caller waits to be called back: nobody has talked with them since, nor dealt with their case. */
export function waits(call: CallView): boolean {
  return call.waiting !== null
}
