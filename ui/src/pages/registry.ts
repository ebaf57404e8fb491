/**
 * The pages of the workspace. A page is a file of this folder; it receives the fields of its route as props
 * (`Profile` gets `user` and `call`).
 */
import type { Component } from 'svelte'
import type { Route, Stage } from '$lib/backend'

type Page = Component<Record<string, unknown>>

const files = import.meta.glob<{ default: Page }>('./*.svelte', { eager: true })

const PAGES: Record<Route['page'], string> = {
  calls: 'Calls',
  missed: 'Calls',
  profile: 'Profile',
  attach: 'Profile',
  compose: 'Compose',
  case: 'Case',
  search: 'Search',
  settings: 'Settings',
  outbox: 'Outbox',
  stats: 'Stats',
  fields: 'Fields',
  enrol: 'Enrol',
  trial: 'Trial',
}

/** The component of a route and its props. */
export function pageOf(route: Route): { Page: Page; props: Record<string, unknown> } {
  const { page, ...props } = route
  return { Page: file(PAGES[page]), props }
}

/** The screen that stands in place of the workspace until the product can work; none when it can. */
export function stagePage(stage: Stage, route: Route): { Page: Page; props: Record<string, unknown> } | null {
  switch (stage.type) {
    case 'setUp':
      // What a link says is shown before the set-up is filled in with it.
      return route.page === 'enrol' ? pageOf(route) : { Page: file('SetUp'), props: {} }
    case 'noKeychain':
      return { Page: file('NoKeychain'), props: {} }
    case 'starting':
    case 'ready':
      return null
  }
}

function file(name: string): Page {
  const found = files[`./${name}.svelte`]
  if (found === undefined) throw new Error(`there is no page ${name}`)
  return found.default
}
