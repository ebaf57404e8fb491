/** Search as one types: waits for a pause, asks the back end, and drops answers to questions no longer asked. */
import { backend, type CommandError, type FoundUser } from '$lib/backend'

/** A pause in typing, ms. */
export const PAUSE = 250

/** Shorter texts find nearly everybody. */
export const SHORTEST = 2

export type SearchState =
  | { type: 'nothingAsked' }
  | { type: 'tooShort' }
  | { type: 'searching' }
  | { type: 'found'; users: FoundUser[] }
  | { type: 'failed'; error: CommandError }

/** A question and its answer. */
export interface Asked {
  text: string
  answered: string
  state: SearchState
}

export class UserSearch {
  /** What is typed. */
  text = $state('')
  /** What the shown answer belongs to. */
  answered = $state('')
  state = $state.raw<SearchState>({ type: 'nothingAsked' })
  /** An answer is on its way; the former one stays on the screen until then. */
  busy = $state(false)

  #timer: ReturnType<typeof setTimeout> | undefined
  #question = 0

  /** Goes on from what was asked before; an answer that had not come yet is asked for again. */
  constructor(before: Asked | null = null) {
    if (before === null) return
    Object.assign(this, before)
    if (this.text.trim() !== this.answered || this.state.type === 'failed') this.retry()
  }

  /** The text has changed. */
  type(): void {
    this.#stop()
    const wanted = this.text.trim()
    if (wanted.length < SHORTEST) {
      this.state = { type: wanted === '' ? 'nothingAsked' : 'tooShort' }
      return
    }
    this.busy = true
    if (this.state.type !== 'found') this.state = { type: 'searching' }
    this.#timer = setTimeout(() => void this.#ask(wanted), PAUSE)
  }

  /** Asks the same again at once. */
  retry(): void {
    this.#stop()
    const wanted = this.text.trim()
    if (wanted.length < SHORTEST) return
    this.busy = true
    this.state = { type: 'searching' }
    void this.#ask(wanted)
  }

  /** The page is left; what was asked is there for the way back. */
  close(): Asked {
    this.#stop()
    const { text, answered, state } = this
    return { text, answered, state }
  }

  async #ask(wanted: string): Promise<void> {
    const question = ++this.#question
    const result = await backend().searchUsers(wanted)
    if (question !== this.#question) return
    this.busy = false
    this.answered = wanted
    this.state = result.status === 'ok' ? { type: 'found', users: result.data } : { type: 'failed', error: result.error }
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#question += 1
    this.busy = false
  }
}
