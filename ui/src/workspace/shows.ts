/** Which calls a page shows: these are asked for with the state. */
import type { Route, Shows } from '$lib/backend'
import { NO_CALLS } from '$lib/desk.svelte'

export function showsOf(route: Route, listed: number): Shows {
  switch (route.page) {
    case 'calls':
    case 'missed':
      return { ...NO_CALLS, listed }
    case 'case':
      return { ...NO_CALLS, case: route.case, call: route.call }
    case 'profile':
    case 'attach':
      return { ...NO_CALLS, user: route.user, call: route.call }
    case 'compose':
    case 'search':
      return { ...NO_CALLS, call: route.call }
    case 'outbox':
      return { ...NO_CALLS, outbox: true }
    case 'stats':
    case 'settings':
    case 'fields':
    case 'enrol':
    case 'trial':
      return NO_CALLS
  }
}
