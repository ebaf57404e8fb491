/**
 * One clock for all timers on the screen; it ticks only while somebody looks. It goes by the engine's clock, which the moments
 * of calls are told by, and counts on from there: this computer's clock may be set at any time, also while one talks.
 */
import { createSubscriber } from 'svelte/reactivity'

/** Timers of calls show a second soon after it is over. */
const TIMER_MS = 250
/** Countdowns may stand on a page for hours. */
const COUNTDOWN_MS = 1000

const ticking = (ms: number) =>
  createSubscriber((update) => {
    const tick = () => {
      if (!document.hidden) update()
    }
    const id = setInterval(tick, ms)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(id)
      document.removeEventListener('visibilitychange', tick)
    }
  })

const timers = ticking(TIMER_MS)
const countdowns = ticking(COUNTDOWN_MS)

/** The engine's clock at a moment of the counter that nobody sets. */
let told: { now: number; counter: number } | null = null

/** What the engine's clock says just now. */
export function setClock(now: number): void {
  told = now > 0 ? { now, counter: performance.now() } : null
}

/** The time in ms since 1970; in a template or effect it keeps itself current. */
export function now(): number {
  timers()
  return moment()
}

/** The same for what counts down to an attempt: current to the second. */
export function nowToTheSecond(): number {
  countdowns()
  return moment()
}

function moment(): number {
  return told === null ? Date.now() : told.now + (performance.now() - told.counter)
}
