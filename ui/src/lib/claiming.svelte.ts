/** Claiming a missed client and letting go: one at a time, with words for why it did not come about. */
import { asked } from './asked'
import { backend, type CommandError } from './backend'
import { m } from './m'
import { troubleText } from './trouble'

export class Claiming {
  /** Why the last one did not come about. */
  error = $state<string | null>(null)
  /** The call that was claimed here last: where its client waits no more, its row is gone and cannot say so. */
  last = $state<string | null>(null)
  #busy = false

  async set(call: string, on: boolean): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    this.last = on ? call : null
    const result = await asked(() => backend().claim(call, on))
    this.#busy = false
    this.error = result.status === 'error' ? claimTrouble(result.error) : null
  }
}

function claimTrouble({ trouble, about }: CommandError): string {
  if (trouble === 'refused' && about === 'claimed') return m.claim_refused()
  return m.claim_failed({ reason: troubleText(trouble) })
}
