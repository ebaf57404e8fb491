/** Dialling a number (D2, S18): one attempt at a time, what is asked before it, and words for why it did not begin. */
import { asked } from './asked'
import { backend, type Caution, type CommandError, type DoubtView, type TroubleView } from './backend'
import { neverText } from './caution'
import { desk } from './desk.svelte'
import { m } from './m'

const WORDS: Record<TroubleView, () => string> = {
  unreachable: m.dialing_unreachable,
  notOffered: m.dialing_not_offered,
  unknownHost: m.dialing_unreachable,
  plainHttp: m.dialing_unreachable,
  tls: m.dialing_unreachable,
  noTls: m.dialing_unreachable,
  needsTls: m.dialing_unreachable,
  timeout: m.dialing_unreachable,
  silent: m.dialing_unreachable,
  closed: m.dialing_unreachable,
  flooding: m.dialing_unreachable,
  wrongService: m.dialing_unreachable,
  replaced: m.dialing_unreachable,
  booting: m.dialing_booting,
  badCredentials: m.dialing_bad_credentials,
  noKeychain: m.dialing_bad_credentials,
  keychainLocked: m.dialing_bad_credentials,
  forbidden: m.dialing_forbidden,
  readOnly: m.dialing_forbidden,
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
  foreignHost: m.dialing_other,
  fileAddress: m.dialing_other,
  notSound: m.dialing_other,
  storage: m.dialing_other,
  other: m.dialing_other,
}

/** Why a text that was to be dialled is none: by what it came from. */
const NO_NUMBER = new Map([
  ['number', m.dialing_bad_number],
  ['link', m.dialing_bad_link],
  ['selection', m.dialing_no_selected_number],
  ['nothing-selected', m.dialing_nothing_selected],
  ['selection-silent', m.dialing_selection_silent],
  ['selection-hidden', m.dialing_selection_hidden],
])

/** Why the PBX does not dial, and what to do. */
export function dialTrouble({ trouble, about }: CommandError): string {
  if (trouble === 'refused' && about === 'inCall') return m.dialing_in_call()
  const noNumber = trouble === 'badSetting' ? NO_NUMBER.get(about ?? '') : undefined
  return (noNumber ?? WORDS[trouble])()
}

/** Whether a call is on: the PBX rings the agent's own softphone first, which is taken then. A call on hold leaves it free. */
export function isCallOn(): boolean {
  return desk.view.calls.some((call) => call.phase !== 'ended' && call.phase !== 'held')
}

/** What the agent is asked before a number is dialled. */
export interface Question {
  caution: Caution
  /** Who asks: a window that asks beside the button shows its own question only. */
  by: Dialing
  answer: (agrees: boolean) => void
}

/** The question that is open in this window. */
export const asking = $state<{ question: Question | null }>({ question: null })

/** Asks, and closes a question that stood open before. */
async function agrees(by: Dialing, caution: Caution): Promise<boolean> {
  asking.question?.answer(false)
  return new Promise((resolve) => {
    asking.question = {
      caution,
      by,
      answer: (yes) => {
        asking.question = null
        resolve(yes)
      },
    }
  })
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
    const call = await this.#place(number, caseId)
    this.busy = false
    return call
  }

  /** Each reason is agreed to by itself: meanwhile another one may have come up. */
  async #place(number: string, caseId: string | null): Promise<string | null> {
    let agreed: DoubtView | null = null
    for (;;) {
      const result = await asked(() => backend().dial(number, caseId, agreed))
      if (result.status === 'error') {
        this.error = dialTrouble(result.error)
        return null
      }
      if (result.data.type === 'placed') return result.data.call
      const { caution } = result.data
      if (caution.never) this.error = neverText(caution)
      if (caution.never || !(await agrees(this, caution))) return null
      agreed = caution.doubt
    }
  }
}
