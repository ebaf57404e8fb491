/** Dialling a number from the workspace (D2, S18): one attempt at a time, and words for why it did not begin. */
import { asked } from './asked'
import { backend, type CommandError, type TroubleView } from './backend'
import { desk } from './desk.svelte'
import { m } from './m'

const WORDS: Record<TroubleView, () => string> = {
  unreachable: m.dialing_unreachable,
  unknownHost: m.dialing_unreachable,
  plainHttp: m.dialing_unreachable,
  tls: m.dialing_unreachable,
  timeout: m.dialing_unreachable,
  silent: m.dialing_unreachable,
  closed: m.dialing_unreachable,
  wrongService: m.dialing_unreachable,
  replaced: m.dialing_unreachable,
  booting: m.dialing_booting,
  badCredentials: m.dialing_bad_credentials,
  noKeychain: m.dialing_bad_credentials,
  forbidden: m.dialing_forbidden,
  noSuchExtension: m.dialing_no_extension,
  phoneOffline: m.dialing_phone_offline,
  badSetting: m.dialing_bad_setting,
  refused: m.dialing_refused,
  noRoute: m.dialing_no_route,
  noSuchNumber: m.dialing_no_such_number,
  lineRefused: m.dialing_line_refused,
  openPbx: m.dialing_other,
  rateLimited: m.dialing_other,
  serverError: m.dialing_other,
  gone: m.dialing_other,
  storage: m.dialing_other,
  other: m.dialing_other,
}

/** Why the PBX does not dial, and what to do. */
export function dialTrouble({ trouble, about }: CommandError): string {
  if (trouble === 'refused' && about === 'inCall') return m.dialing_in_call()
  if (trouble === 'badSetting' && about === 'number') return m.dialing_bad_number()
  return WORDS[trouble]()
}

/** Whether a call is on: the PBX rings the agent's own softphone first, which is taken then. A call on hold leaves it free. */
export function isCallOn(): boolean {
  return desk.view.calls.some((call) => call.phase !== 'ended' && call.phase !== 'held')
}

export class Dialing {
  /** Asked, not yet answered. */
  busy = $state(false)
  /** Why the last attempt did not begin. */
  error = $state<string | null>(null)

  /** Answers with the call's id; nothing when it did not begin. */
  async dial(number: string, caseId: string | null): Promise<string | null> {
    if (this.busy) return null
    this.error = isCallOn() ? m.dialing_in_call() : null
    if (this.error !== null) return null
    this.busy = true
    const result = await asked(() => backend().dial(number, caseId))
    this.busy = false
    if (result.status === 'ok') return result.data
    this.error = dialTrouble(result.error)
    return null
  }
}
