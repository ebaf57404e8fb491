/**
 * Tells the back end which page the agent sees (S20): a call dialled from a case comes up in the popup while the agent
 * looks elsewhere. Said after a moment of rest, and never the same twice in a row, but for a call that is newly dialled
 * from a case: the back end takes it that its agent looks at that case.
 */
import { backend, type Route } from '$lib/backend'
import { routeKey } from '$lib/router.svelte'

/** Switching windows blurs and focuses within an instant. */
export const REST_MS = 120

export class Looking {
  #focused = $state(isInFront())
  #said: string | null = null
  #dialled: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Whether the window is in front and seen. */
  get focused(): boolean {
    return this.#focused
  }

  /** The window came to the front or went away. */
  check(focused = isInFront()): void {
    this.#focused = focused
  }

  /** What is to be said now, and for which call dialled from a case; an earlier wish that was not said yet is forgotten. */
  at(route: Route | null, dialled: string | null): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#say(route, dialled), REST_MS)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #say(route: Route | null, dialled: string | null): void {
    const key = route === null ? '' : routeKey(route)
    const isNew = dialled !== null && dialled !== this.#dialled
    this.#dialled = dialled
    if (key === this.#said && !isNew) return
    this.#said = key
    // Unheard, it is said again with the next change.
    backend().lookingAt(route).catch(() => (this.#said = null))
  }
}

function isInFront(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}
