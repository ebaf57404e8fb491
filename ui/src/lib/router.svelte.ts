/** Which page the workspace shows. Pages are named by `Route`, the same type that the back end sends. */
import type { Backend, Route, Unlisten } from './backend'

const DEPTH = 50

class Router {
  current = $state.raw<Route>({ page: 'calls' })
  #past = $state.raw<Route[]>([])

  get canGoBack(): boolean {
    return this.#past.length > 0
  }

  /** The pages one came by and the present one, last. */
  get trail(): Route[] {
    return [...this.#past, this.current]
  }

  /** Opens a page; opening the page that is already there changes nothing. */
  go(route: Route): void {
    if (sameRoute(route, this.current)) return
    this.#past = [...this.#past, this.current].slice(-DEPTH)
    this.current = route
  }

  /** Opens a page in place of this one (after «Создать» the compose page is nothing to go back to). */
  replace(route: Route): void {
    this.current = route
  }

  back(): void {
    const last = this.#past.at(-1)
    if (last === undefined) return
    this.#past = this.#past.slice(0, -1)
    this.current = last
  }

  reset(route: Route = { page: 'calls' }): void {
    this.#past = []
    this.current = route
  }
}

export const router = new Router()

/** Follows the back end when it opens pages by itself (S03, tray, popup), also before this window listened. */
export async function followNavigation(backend: Backend): Promise<Unlisten> {
  let opened = Promise.resolve()
  const open = async () => {
    for (const route of await backend.pagesToOpen()) router.go(route)
  }
  // One question after the other: of two answers on their way the later page must not come first.
  const next = () => (opened = opened.then(open, open))
  const unlisten = await backend.onNavigate(() => next().catch(() => {}))
  await next()
  return unlisten
}

export function sameRoute(a: Route, b: Route): boolean {
  return routeKey(a) === routeKey(b)
}

/** Equal for equal routes, whatever the order of their fields. */
export function routeKey(route: Route): string {
  return JSON.stringify(Object.entries(route).sort(([a], [b]) => a.localeCompare(b)))
}
