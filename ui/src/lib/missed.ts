/** Missed calls; after which of them somebody talked with the caller is said by the back end. */
import type { CallView } from './backend'

/** Whether the call ended without anybody taking it. */
export function isMissed(call: CallView): boolean {
  return call.phase === 'ended' && call.disposition === 'missed'
}

/** Whether nobody has talked with the caller since. */
export function waits(call: CallView): boolean {
  return isMissed(call) && call.talkedLater === null
}
