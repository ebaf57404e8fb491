/**
 * The last state the back end told, fed by events. The windows keep no state of their own about calls. Of calls that are
 * over it has the last few and those that the page shows ([`Desk.show`]).
 */
import { setClock } from './clock.svelte'
import type { Backend, CallView, DeskView, Shows, Unlisten } from './backend'

const NOTHING: DeskView = {
  revision: 0,
  now: 0,
  stage: { type: 'starting' },
  calls: [],
  kept: 0,
  missed: 0,
  popup: [],
  private: false,
  pause: { paused: null, meanwhile: null },
  reminders: [],
  sample: null,
  pbx: { state: 'off', trouble: null, since: null, retryAt: null },
  inTheOpen: false,
  onlyTells: false,
  omnidesk: { state: 'off', trouble: null, since: null, retryAt: null },
  keychain: 'answers',
  storage: { fault: null, since: null, mendedAt: null, aside: null, unreadable: 0, officeUnread: false },
  faults: { tasks: 0, restarts: 0, restartedAt: null },
  outbox: [],
  agent: { extension: '', name: null, email: '', phoneOnline: null },
  fields: [],
  sections: [],
  labels: [],
  claims: false,
  language: '',
  users: { users: 0, asOf: null, reading: false, read: 0, of: null, secondsLeft: null, missing: 0, failed: false },
  channel: 'unknown',
}

/** A page that shows no calls of its own. */
export const NO_CALLS: Shows = { call: null, case: null, user: null, listed: 0, outbox: false }

class Desk {
  /** What the page shows: asked for with each question. */
  shows: Shows = NO_CALLS
  #ask: () => Promise<void> = () => Promise.resolve()

  /** The state to draw. */
  view = $state.raw<DeskView>(NOTHING)

  /** Takes a newer state; a stale one is ignored. */
  apply(next: DeskView): void {
    if (next.revision < this.view.revision) return
    this.view = next
    setClock(next.now)
  }

  /** A page shows these calls; done when the state has them. None where they are those of the page before. */
  show(shows: Shows): Promise<void> | null {
    if (JSON.stringify(shows) === JSON.stringify(this.shows)) return null
    this.shows = shows
    return this.#ask()
  }

  /** How the back end is asked anew. */
  follow(ask: () => Promise<void>): void {
    this.#ask = ask
  }

  /** Forgets everything (tests). */
  reset(): void {
    this.view = NOTHING
    this.shows = NO_CALLS
    this.#ask = () => Promise.resolve()
    setClock(0)
  }

  call(id: string | null): CallView | null {
    return this.view.calls.find((call) => call.id === id) ?? null
  }

  /** The call that is on, the most important one if there are several. */
  get current(): CallView | null {
    const live = this.view.calls.filter((call) => call.phase !== 'ended')
    return live.find((call) => call.phase === 'talking' || call.phase === 'held') ?? live[0] ?? null
  }
}

export const desk = new Desk()

/** A lost question is asked again after so long, ms, and so often. */
const AGAIN = 150
const TRIES = 5

/**
 * Listens first and asks then, so that no change falls between. One question is on its way at a time; what is told
 * meanwhile and is newer than the answer is asked for once more, and so is what another page shows.
 */
export async function followDesk(backend: Backend): Promise<Unlisten> {
  let told = 0
  let asking: Promise<void> | null = null
  const question = async () => {
    try {
      let asked: number
      let shows: Shows
      do {
        asked = told
        shows = desk.shows
        desk.apply(await backend.desk(shows))
      } while ((told > asked && told > desk.view.revision) || shows !== desk.shows)
    } finally {
      asking = null
    }
  }
  const ask = () => (asking ??= question())
  desk.follow(ask)
  /** A question that got lost is asked anew, a few times; then with the next change. */
  const insist = (tries: number) => {
    ask().catch(() => {
      if (tries > 0 && told > desk.view.revision) setTimeout(() => insist(tries - 1), AGAIN)
    })
  }
  const unlisten = await backend.onDeskChanged((revision) => {
    told = Math.max(told, revision)
    insist(TRIES)
  })
  await ask()
  return unlisten
}
