/** S04: «Привязать звонок» of the popup shows where one chooses, also on the profile that is open already. */
import { cleanup, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import type { Route } from '$lib/backend'
import { attaching } from '$lib/attaching.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { followNavigation, router } from '$lib/router.svelte'
import Profile from '../src/pages/Profile.svelte'
import { scene, stage } from './stage'

afterEach(() => {
  cleanup()
  attaching.done()
})

/** The profile is open, and the back end can ask for pages. */
async function open(name = 'ws-profile') {
  const pages: Route[] = []
  let told = () => {}
  const base = scene(name)
  const backend = await stage({
    ...base,
    overrides: {
      ...base.overrides,
      pagesToOpen: async () => pages.splice(0),
      onNavigate: async (listener) => {
        told = listener
        return () => {}
      },
    },
  })
  const route = base.route as Extract<Route, { page: 'profile' }>
  router.reset(route)
  await followNavigation(backend)
  render(Profile, { user: route.user, call: route.call })
  await screen.findByRole('heading', { level: 1 })
  const ask = async (page: Route) => {
    pages.push(page)
    told()
    await new Promise((done) => setTimeout(done))
    await tick()
  }
  const attach = () => ask({ page: 'attach', user: route.user, call: route.call ?? '' })
  return { backend, ask, attach, route }
}

const first = () => screen.getAllByRole('button', { name: /Привязать звонок к обращению/ })[0]

test('it says what to do and puts the keyboard there, without reading the page again', async () => {
  const { backend, attach, route } = await open()
  expect(screen.queryByText('Выберите обращение, к которому привязать звонок')).toBeNull()
  await attach()
  expect(screen.getByText('Выберите обращение, к которому привязать звонок').closest('[role=status]')).not.toBeNull()
  expect(document.activeElement).toBe(first())
  expect(router.current).toEqual(route)
  expect(backend.profile).toHaveBeenCalledOnce()
})

test('asked again, it does so again', async () => {
  const { attach } = await open()
  await attach()
  ;(document.activeElement as HTMLElement).blur()
  await attach()
  expect(document.activeElement).toBe(first())
})

test('without anything to attach it to, it says so', async () => {
  const base = scene('ws-profile')
  const profiles = base.profiles?.map((profile) => ({ ...profile, cases: [] }))
  await stage({ ...base, ...(profiles === undefined ? {} : { profiles }) })
  const route = base.route as Extract<Route, { page: 'profile' }>
  router.reset(route)
  attaching.ask(route.call ?? '')
  render(Profile, { user: route.user, call: route.call })
  await screen.findByRole('heading', { level: 1 })
  await tick()
  await tick()
  expect(document.activeElement?.textContent).toContain('Привязать звонок не к чему')
})

test('any other page ends it', async () => {
  const { ask, attach, route } = await open()
  await attach()
  await ask(route)
  expect(screen.queryByText('Выберите обращение, к которому привязать звонок')).toBeNull()
})

test('in English too', async () => {
  setLanguage('en')
  const { attach } = await open()
  await attach()
  expect(screen.getByText('Choose the case to attach the call to')).toBeTruthy()
})
