/** Which page the workspace shows. Pages are named by `Route`, the same type that the back end sends. */
import { callList } from '../pages/calls/list.svelte'
import { attaching } from './attaching.svelte'
import type { Backend, Route, Unlisten } from './backend'
import { desk } from './desk.svelte'
import { hasUnsavedText } from './typing'

const DEPTH = 50

/** A page as one has left it. */
export interface Visit {
  readonly route: Route
  /** How far it was scrolled, CSS px. */
  scroll: number
  /** What else the page wants to find again. */
  kept: unknown
}

class Router {
  #here = $state.raw<Visit>(visit({ page: 'calls' }))
  #past = $state.raw<Visit[]>([])
  #ahead = $state.raw<Visit[]>([])
  /** A link's page that waits for whoever is typing to open it. */
  held = $state.raw<Route | null>(null)

  get current(): Route {
    return this.#here.route
  }

  get here(): Visit {
    return this.#here
  }

  get canGoBack(): boolean {
    return this.#past.length > 0
  }

  get canGoForward(): boolean {
    return this.#ahead.length > 0
  }

  /** The pages one came by and the present one, last. */
  get trail(): Route[] {
    return [...this.#past, this.#here].map(({ route }) => route)
  }

  /** Opens a page; opening the page that is already there changes nothing. */
  go(route: Route): void {
    if (sameRoute(route, this.current)) return
    this.#past = [...this.#past, this.#here].slice(-DEPTH)
    this.#ahead = []
    this.#here = visit(route)
  }

  /** Opens a page in place of this one (after «Создать» the compose page is nothing to go back to). */
  replace(route: Route): void {
    this.#here = visit(route)
  }

  back(): void {
    const last = this.#past.at(-1)
    if (last === undefined) return
    this.#past = this.#past.slice(0, -1)
    this.#ahead = [this.#here, ...this.#ahead]
    this.#here = last
  }

  /** Undoes a step back. */
  forward(): void {
    const [next, ...rest] = this.#ahead
    if (next === undefined) return
    this.#past = [...this.#past, this.#here]
    this.#ahead = rest
    this.#here = next
  }

  /** The held page, opened or not. */
  letGo(opens: boolean): void {
    const { held } = this
    this.held = null
    if (opens && held !== null) openLink(held)
  }

  reset(route: Route = { page: 'calls' }): void {
    this.held = null
    this.#past = []
    this.#ahead = []
    this.#here = visit(route)
  }
}

function visit(route: Route): Visit {
  return { route, scroll: 0, kept: null }
}

export const router = new Router()

/** Follows the back end when it opens pages by itself (S03, tray, popup), also before this window listened. */
export async function followNavigation(backend: Backend): Promise<Unlisten> {
  let opened = Promise.resolve()
  const open = async () => {
    for (const route of await backend.pagesToOpen()) follow(route)
  }
  // One question after the other: of two answers on their way the later page must not come first.
  const next = () => (opened = opened.then(open, open))
  const unlisten = await backend.onNavigate(() => next().catch(() => {}))
  await next()
  return unlisten
}

/** The profile is one page, whatever it was opened for: it is not read again to choose a case. So is the list of calls. */
function follow(route: Route): void {
  if (route.page === 'missed') {
    attaching.done()
    callList.showMissed()
    router.go({ page: 'calls' })
    return
  }
  if (route.page === 'enrol') {
    // What is typed into a form and not saved would go with its page. The set-up keeps it by itself.
    if (desk.view.stage.type === 'ready' && hasUnsavedText()) router.held = route
    else openLink(route)
    return
  }
  if (route.page !== 'attach') {
    attaching.done()
    router.go(route)
    return
  }
  router.go({ page: 'profile', user: route.user, call: route.call })
  attaching.ask(route.call)
}

/** Of many links there is one question, about the last of them. */
function openLink(route: Route): void {
  router.held = null
  attaching.done()
  if (router.current.page !== 'enrol') router.go(route)
  else if (!sameRoute(route, router.current)) router.replace(route)
}

export function sameRoute(a: Route, b: Route): boolean {
  return routeKey(a) === routeKey(b)
}

/** Equal for equal routes, whatever the order of their fields. */
export function routeKey(route: Route): string {
  return JSON.stringify(Object.entries(route).sort(([a], [b]) => a.localeCompare(b)))
}
