import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import App from '../src/workspace/App.svelte'
import { REST_MS } from '../src/workspace/looking.svelte'
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
  expect(sections).toEqual(['Звонки', 'Пользователи', 'Статистика', 'Поля данных', 'Настройки'])
  expect(rail.querySelector('[aria-current="page"]')?.textContent?.trim()).toBe('Пользователи')
})

test.each([
  ['Digit1', '1', { page: 'calls' }],
  ['Digit2', '2', { page: 'search', call: null }],
  ['Digit3', '3', { page: 'stats' }],
  ['Digit4', '4', { page: 'fields' }],
  ['Digit5', '5', { page: 'settings' }],
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

const bar = () => screen.getByRole('status', { name: 'Текущий звонок' })
const barText = () => (bar().textContent ?? '').replaceAll(/\s+/g, ' ')

test('a call on hold says so', async () => {
  await open('ws-calls-held')
  expect(barText()).toContain('На удержании')
})

test('of two calls the bar tells the conversation and switches to the other and back', async () => {
  await open('ws-calls-two')
  expect(barText()).toContain('Звонок в процессе')
  await fireEvent.click(screen.getByRole('button', { name: 'Показать звонок: Борис, Входящий звонок' }))
  expect(barText()).toContain('Входящий звонок')
  await fireEvent.keyDown(window, { code: 'KeyN', key: 'n', ctrlKey: true })
  expect(router.current).toEqual({ page: 'compose', call: 'live' })
  await fireEvent.click(screen.getByRole('button', { name: /^Показать звонок: Екатерина/ }))
  expect(barText()).toContain('Звонок в процессе')
})

test('when the call one turned to ends, the bar returns to the one that is left', async () => {
  await open('ws-calls-two')
  await fireEvent.click(screen.getByRole('button', { name: /^Показать звонок: Борис/ }))
  desk.apply({ ...desk.view, revision: 9, calls: desk.view.calls.filter((call) => call.id !== 'live') })
  await tick()
  expect(barText()).toContain('Екатерина Воскресенская-Добролюбова')
})

test('the talk on hold stays above the consultation that is being dialled', async () => {
  await open('ws-calls-consult')
  expect(barText()).toContain('На удержании')
  expect(screen.getByRole('button', { name: /^Показать звонок: 207/ })).toBeTruthy()
})

test('s20_a_call_from_a_case_leads_back_to_it', async () => {
  await open('ws-calls-dialing')
  expect(barText()).toContain('Исходящий звонок')
  await fireEvent.click(screen.getByRole('button', { name: 'Из обращения 482-113861' }))
  expect(router.current).toEqual({ page: 'case', case: '482113861', call: 'back' })
})

test('d2_the_dial_window_opens_by_its_key_and_from_the_rail', async () => {
  const backend = await open()
  await fireEvent.keyDown(window, { code: 'KeyD', key: 'в', ctrlKey: true })
  await fireEvent.click(screen.getByRole('button', { name: 'Набрать номер' }))
  expect(backend.openDial).toHaveBeenCalledTimes(2)
})

test('a key leads into the popup, which takes the keyboard only where it is given (S01)', async () => {
  const backend = await open()
  await fireEvent.keyDown(window, { code: 'KeyO', key: 'щ', ctrlKey: true })
  expect(backend.focusPopup).not.toHaveBeenCalled()
  await fireEvent.keyDown(window, { code: 'KeyO', key: 'Щ', ctrlKey: true, shiftKey: true })
  expect(backend.focusPopup).toHaveBeenCalledOnce()
})

describe('s20 the back end is told which page the agent sees', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
  })

  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const rest = async () => {
    await tick()
    await vi.advanceTimersByTimeAsync(REST_MS)
  }

  test('at each page, after a moment of rest, and never twice in a row', async () => {
    const backend = await open('ws-calls')
    await rest()
    router.go({ page: 'case', case: '1', call: null })
    await tick()
    router.go({ page: 'calls' })
    await rest()
    expect(backend.lookingAt.mock.calls).toEqual([[{ page: 'calls' }]])
    router.go({ page: 'outbox' })
    await rest()
    expect(backend.lookingAt.mock.calls.slice(1)).toEqual([[{ page: 'outbox' }]])
  })

  test('a window that is not in front shows nothing', async () => {
    const backend = await open('ws-calls')
    await rest()
    await fireEvent.blur(window)
    await rest()
    await fireEvent.focus(window)
    await rest()
    expect(backend.lookingAt.mock.calls).toEqual([[{ page: 'calls' }], [null], [{ page: 'calls' }]])
  })

  test('nor does a hidden one', async () => {
    const backend = await open('ws-calls')
    await rest()
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    await fireEvent(document, new Event('visibilitychange'))
    await rest()
    expect(backend.lookingAt.mock.calls.at(-1)).toEqual([null])
  })

  test('s20_of_a_call_newly_dialled_from_a_case_it_is_said_again_and_once', async () => {
    const backend = await open('ws-case-dialing')
    await fireEvent.blur(window)
    await rest()
    backend.lookingAt.mockClear()
    const again = (id: string) => ({ ...desk.view, calls: desk.view.calls.map((call) => (call.calledFrom === null || call.phase === 'ended' ? call : { ...call, id })) })
    desk.apply(again('next'))
    await rest()
    expect(backend.lookingAt.mock.calls, 'nobody looks at the case it was dialled from').toEqual([[null]])
    desk.apply(again('next'))
    await rest()
    expect(backend.lookingAt).toHaveBeenCalledOnce()
  })

  test('what was not heard is said again', async () => {
    const backend = await open('ws-calls')
    backend.lookingAt.mockRejectedValueOnce(new Error('not there'))
    await rest()
    await fireEvent.blur(window)
    await tick()
    await fireEvent.focus(window)
    await rest()
    expect(backend.lookingAt.mock.calls).toEqual([[{ page: 'calls' }], [{ page: 'calls' }]])
  })
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
  [{ type: 'setUp' as const }],
  [{ type: 'noKeychain' as const, locked: false }],
])('in the stage %s the rail is not there', async (now) => {
  const base = scene('ws-profile')
  await stage({ ...base, view: { ...base.view, stage: now } })
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
