/** The last state the back end told, fed by events. The windows keep no state of their own about calls. */
import { setClock } from './clock.svelte'
import type { Backend, CallView, DeskView, Unlisten } from './backend'

const NOTHING: DeskView = {
  revision: 0,
  now: 0,
  stage: { type: 'starting' },
  calls: [],
  popup: [],
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
  language: '',
  users: { users: 0, of: null, asOf: null, reading: false },
  channel: 'unknown',
}

class Desk {
  /** The state to draw. */
  view = $state.raw<DeskView>(NOTHING)

  /** Takes a newer state; a stale one is ignored. */
  apply(next: DeskView): void {
    if (next.revision < this.view.revision) return
    this.view = next
    setClock(next.now)
  }

  /** Forgets everything (tests). */
  reset(): void {
    this.view = NOTHING
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
 * meanwhile and is newer than the answer is asked for once more.
 */
export async function followDesk(backend: Backend): Promise<Unlisten> {
  let told = 0
  let asking = false
  const ask = async () => {
    if (asking) return
    asking = true
    try {
      let asked: number
      do {
        asked = told
        desk.apply(await backend.desk())
      } while (told > asked && told > desk.view.revision)
    } finally {
      asking = false
    }
  }
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
