/** One clock for all timers on the screen; it ticks only while somebody looks. */
import { createSubscriber } from 'svelte/reactivity'

const TICK_MS = 250

const subscribe = createSubscriber((update) => {
  const id = setInterval(update, TICK_MS)
  return () => clearInterval(id)
})

/** The time in ms since 1970; in a template or effect it keeps itself current. */
export function now(): number {
  subscribe()
  return Date.now()
}
