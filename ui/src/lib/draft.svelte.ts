/**
 * What the agent types about a call, saved on this computer after 400 ms of rest and at least once a second (S07, S15,
 * D5). The text on the screen is never overwritten from outside; what is not yet saved is saved when the call ends and
 * when the page goes away. What was typed after the end is sent as an addition once the agent is done with it.
 */
import { asked } from './asked'
import { backend, type DraftView, type TroubleView } from './backend'

export const IDLE_MS = 400
/** Nobody who types without a rest loses more than this. */
export const LONGEST_MS = 1000

export type DraftState = { type: 'idle' } | { type: 'saving' } | { type: 'saved'; at: number } | { type: 'failed'; trouble: TroubleView }

/** Drafts with something that is not saved. */
const unsaved = new Set<Draft>()

/** Saves what is not saved of all drafts; whether nothing is left. */
export async function saveDrafts(): Promise<boolean> {
  await Promise.all([...unsaved].map((draft) => draft.flush()))
  return unsaved.size === 0
}

export class Draft {
  subject = $state('')
  gist = $state('')
  state = $state.raw<DraftState>({ type: 'idle' })
  #call: string
  #saved: string
  #timer: ReturnType<typeof setTimeout> | null = null
  /** Since when there is something that is not saved. */
  #since: number | null = null
  #touched = false
  #left = false
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
    this.#touched = true
    unsaved.add(this)
    this.#since ??= performance.now()
    const left = LONGEST_MS - (performance.now() - this.#since)
    this.#later(Math.max(0, Math.min(IDLE_MS, left)))
  }

  /**
   * Takes what was written about the call elsewhere since (the popup and a page of the workspace show the same text). What
   * stands here and is not saved yet stays: it is the newer one.
   */
  follow(told: DraftView): void {
    const known = this.state.type === 'saved' ? this.state.at : 0
    if (told.savedAt === null || told.savedAt <= known || this.state.type === 'saving' || this.#text !== this.#saved) return
    this.subject = told.subject
    this.gist = told.gist
    this.#saved = this.#text
    this.state = { type: 'saved', at: told.savedAt }
  }

  /** The agent is done with it: what was typed after the call goes to Omnidesk. During the call nothing is sent. */
  async leave(): Promise<void> {
    this.#left = true
    await this.flush()
    if (this.#touched) await asked(() => backend().sendDraft(this.#call))
  }

  /** Saves now what is not saved yet; one at a time, in order. */
  flush(): Promise<void> {
    this.#cancel()
    this.#queue = this.#queue.then(() => this.#save())
    return this.#queue
  }

  async #save(): Promise<void> {
    const text = this.#text
    this.#since = null
    if (text === this.#saved) {
      unsaved.delete(this)
      return
    }
    this.state = { type: 'saving' }
    const result = await asked(() => backend().saveDraft(this.#call, this.subject, this.gist))
    if (result.status === 'error') {
      this.state = { type: 'failed', trouble: result.error.trouble }
      // Whoever stops typing now must not lose it when the disk is back.
      if (this.#timer === null && !this.#left) this.#later(LONGEST_MS)
      return
    }
    this.#saved = text
    if (text === this.#text) unsaved.delete(this)
    this.state = { type: 'saved', at: result.data }
  }

  get #text(): string {
    return JSON.stringify([this.subject, this.gist])
  }

  #later(ms: number): void {
    this.#cancel()
    this.#timer = setTimeout(() => void this.flush(), ms)
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
