/** Which of several live calls the window speaks of: the most important one, until the agent turns to another. */
import type { CallView, PhaseView } from '$lib/backend'
import { desk } from '$lib/desk.svelte'

const FIRST: Record<PhaseView, number> = { talking: 0, held: 1, ringing: 2, dialing: 2, callingAgent: 2, ended: 3 }

class CurrentCall {
  #wanted = $state<string | null>(null)
  #live = $derived(
    desk.view.calls.filter((call) => call.phase !== 'ended').sort((a, b) => FIRST[a.phase] - FIRST[b.phase] || b.offeredAt - a.offeredAt),
  )

  get call(): CallView | null {
    return this.#live.find((call) => call.id === this.#wanted) ?? this.#live[0] ?? null
  }

  /** The other live calls. */
  get others(): CallView[] {
    return this.#live.filter((call) => call !== this.call)
  }

  show(id: string): void {
    this.#wanted = id
  }
}

export const current = new CurrentCall()
