/**
 * What the agent types about a call, saved on this computer after 400 ms of rest (S07, S15, D5). The text on the
 * screen is never overwritten from outside; what is not yet saved is saved when the page goes away.
 */
import { backend, type DraftView, type TroubleView } from './backend'

export const IDLE_MS = 400

export type DraftState = { type: 'idle' } | { type: 'saving' } | { type: 'saved'; at: number } | { type: 'failed'; trouble: TroubleView }

export class Draft {
  subject = $state('')
  gist = $state('')
  state = $state.raw<DraftState>({ type: 'idle' })
  #call: string
  #saved: string
  #timer: ReturnType<typeof setTimeout> | null = null
  #queue: Promise<void> = Promise.resolve()

  constructor(call: string, start: DraftView) {
    this.#call = call
    this.subject = start.subject
    this.gist = start.gist
    this.#saved = this.#text
    if (start.savedAt !== null) this.state = { type: 'saved', at: start.savedAt }
  }

  get isEmpty(): boolean {
    return this.subject.trim() === '' && this.gist.trim() === ''
  }

  /** Call at each input. */
  typed(): void {
    this.#cancel()
    this.#timer = setTimeout(() => void this.flush(), IDLE_MS)
  }

  /** Saves now what is not saved yet; one at a time, in order. */
  flush(): Promise<void> {
    this.#cancel()
    this.#queue = this.#queue.then(() => this.#save())
    return this.#queue
  }

  async #save(): Promise<void> {
    const text = this.#text
    if (text === this.#saved) return
    this.state = { type: 'saving' }
    const result = await backend().saveDraft(this.#call, this.subject, this.gist)
    if (result.status === 'error') {
      this.state = { type: 'failed', trouble: result.error.trouble }
      return
    }
    this.#saved = text
    this.state = { type: 'saved', at: result.data }
  }

  get #text(): string {
    return JSON.stringify([this.subject, this.gist])
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
