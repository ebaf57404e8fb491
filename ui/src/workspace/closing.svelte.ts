/** Whether the agent is asked what closing the window means: without a tray nothing would lead back to a hidden one. */
import type { Backend, ClosingAnswer, Unlisten } from '$lib/backend'

class Closing {
  isAsked = $state(false)
  #backend: Backend | null = null
  #isAnswered = false

  follow(backend: Backend): Promise<Unlisten> {
    this.#backend = backend
    return backend.onClosingAsked((number) => (this.isAsked = number > 0))
  }

  /** The question stands until the answer has arrived: whoever closes the window after that is asked anew. */
  async answer(answer: ClosingAnswer): Promise<void> {
    if (!this.isAsked || this.#isAnswered) return
    this.#isAnswered = true
    await this.#backend?.answerClosing(answer)
    this.#isAnswered = this.isAsked = false
  }
}

export const closing = new Closing()
