/**
 * One clock for all timers on the screen; it ticks only while somebody looks. It goes by the engine's clock, which the moments
 * of calls are told by, and counts on from there: this computer's clock may be set at any time, also while one talks.
 */
import { createSubscriber } from 'svelte/reactivity'

const TICK_MS = 250

const subscribe = createSubscriber((update) => {
  const id = setInterval(update, TICK_MS)
  return () => clearInterval(id)
})

/** The engine's clock at a moment of the counter that nobody sets. */
let told: { now: number; counter: number } | null = null

/** What the engine's clock says just now. */
export function setClock(now: number): void {
  told = now > 0 ? { now, counter: performance.now() } : null
}

/** The time in ms since 1970; in a template or effect it keeps itself current. */
export function now(): number {
  subscribe()
  return told === null ? Date.now() : told.now + (performance.now() - told.counter)
}
