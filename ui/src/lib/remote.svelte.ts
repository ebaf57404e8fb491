/** Something asked of the back end: on its way, here, or refused. A reload keeps what is shown until the answer comes. */
import type { CommandError, Result } from './backend'

export class Remote<T> {
  data = $state.raw<T | null>(null)
  error = $state.raw<CommandError | null>(null)
  loading = $state(false)
  #ask: () => Promise<Result<T>>
  #turn = 0

  constructor(ask: () => Promise<Result<T>>) {
    this.#ask = ask
  }

  /** Asks (again); the answer to an earlier question is dropped. */
  async load(): Promise<void> {
    const turn = ++this.#turn
    this.loading = true
    const result = await this.#answer()
    if (turn !== this.#turn) return
    this.loading = false
    if (result.status === 'ok') {
      this.data = result.data
      this.error = null
    } else {
      this.error = result.error
    }
  }

  async #answer(): Promise<Result<T>> {
    try {
      return await this.#ask()
    } catch {
      return { status: 'error', error: { trouble: 'other', about: null } }
    }
  }
}
