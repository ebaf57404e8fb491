import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { expect, test } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import App from '../src/workspace/App.svelte'
import { scene, stage } from './stage'

async function open(name = 'ws-profile') {
  const backend = await stage(name)
  const { route } = scene(name)
  if (route !== undefined) router.reset(route)
  render(App)
  await tick()
  return backend
}

test('the rail shows only sections that exist, and where one is', async () => {
  await open()
  const rail = screen.getByRole('navigation', { name: 'Разделы' })
  const sections = [...rail.querySelectorAll('li')].map((item) => item.textContent?.trim())
  expect(sections).toEqual(['Звонки', 'Пользователи', 'Настройки'])
  expect(rail.querySelector('[aria-current="page"]')?.textContent?.trim()).toBe('Пользователи')
})

test.each([
  ['Digit1', '1', { page: 'calls' }],
  ['Digit2', '2', { page: 'search', call: null }],
  ['Digit3', '3', { page: 'settings' }],
  ['KeyK', 'л', { page: 'search', call: null }],
  ['KeyN', 'т', { page: 'compose', call: 'call-1' }],
])('Ctrl %s goes by the physical key, also in the Russian layout', async (code, key, route) => {
  await open()
  await fireEvent.keyDown(window, { code, key, ctrlKey: true })
  expect(router.current).toEqual(route)
})

test('a letter without Ctrl goes nowhere', async () => {
  await open()
  const before = router.current
  await fireEvent.keyDown(window, { code: 'KeyK', key: 'k' })
  expect(router.current).toEqual(before)
})

test('the call bar tells state, timer, person and link to a case, and leads to the profile', async () => {
  await open()
  const bar = screen.getByRole('status', { name: 'Текущий звонок' })
  expect(bar.textContent?.replaceAll(/\s+/g, ' ')).toContain('Звонок в процессе 02:14')
  expect(bar.textContent).toContain('Ещё не привязан')
  router.go({ page: 'calls' })
  await fireEvent.click(screen.getByRole('button', { name: 'Екатерина Воскресенская-Добролюбова' }))
  expect(router.current).toEqual({ page: 'profile', user: '501', call: 'call-1' })
})

test('without a call there is no bar', async () => {
  await open('ws-profile-idle')
  expect(screen.queryByRole('status', { name: 'Текущий звонок' })).toBeNull()
})

test('a change of language redraws the texts in place', async () => {
  await open()
  setLanguage('en')
  await tick()
  expect(screen.getByRole('navigation', { name: 'Sections' })).toBeTruthy()
  expect(document.documentElement.lang).toBe('en')
})

test.each([
  ['setUp' as const],
  ['noKeychain' as const],
])('in the stage %s the rail is not there', async (type) => {
  const base = scene('ws-profile')
  await stage({ ...base, view: { ...base.view, stage: { type } } })
  render(App)
  await tick()
  expect(screen.queryByRole('navigation', { name: 'Разделы' })).toBeNull()
})

test('a stale state is ignored', async () => {
  const { view } = scene('ws-profile')
  desk.apply({ ...view, revision: 7 })
  desk.apply({ ...view, revision: 6, calls: [] })
  expect(desk.view.calls).toHaveLength(1)
  desk.apply({ ...view, revision: 8, calls: [] })
  expect(desk.view.calls).toHaveLength(0)
})

test('the router goes back the way one came, and a repeated page is no step', () => {
  router.go({ page: 'calls' })
  router.go({ page: 'profile', user: '1', call: null })
  router.go({ page: 'profile', call: null, user: '1' })
  router.go({ page: 'compose', call: 'c' })
  router.replace({ page: 'case', case: '9', call: 'c' })
  router.back()
  expect(router.current).toEqual({ page: 'profile', user: '1', call: null })
  router.back()
  expect(router.current).toEqual({ page: 'calls' })
  expect(router.canGoBack).toBe(false)
})
