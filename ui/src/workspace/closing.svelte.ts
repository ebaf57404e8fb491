/** What is asked before the program is out of sight or at its end. */
import type { Backend, ClosingAnswer, Unlisten } from '$lib/backend'

/**
 * `closing`: what closing the window means, as without a tray nothing would lead back to a hidden one.
 * `quitting`: whether the agent means it, where one key was enough to ask for it.
 */
export type Question = 'closing' | 'quitting'

class Closing {
  asked = $state<Question | null>(null)
  #backend: Backend | null = null
  #isAnswered = false

  follow(backend: Backend): Promise<Unlisten> {
    this.#backend = backend
    return backend.onClosingAsked((number) => {
      if (number > 0) this.asked = 'closing'
      else if (this.asked === 'closing') this.asked = null
    })
  }

  /** Nothing else that is asked is passed over. */
  askToQuit(): void {
    this.asked ??= 'quitting'
  }

  /** The question stands until the answer has arrived: whoever closes the window after that is asked anew. */
  async answer(answer: ClosingAnswer): Promise<void> {
    if (this.asked === null || this.#isAnswered) return
    this.#isAnswered = true
    try {
      await this.#backend?.answerClosing(answer)
    } finally {
      // Where it did not arrive, the window can be closed again.
      this.#isAnswered = false
      this.asked = null
    }
  }
}

export const closing = new Closing()
