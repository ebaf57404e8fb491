import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import { restoreZoom } from '$lib/zoom'
import Dial from '../src/dial/Dial.svelte'
import { GUARD_MS } from '../src/popup/guard'
import Popup from '../src/popup/Popup.svelte'
import App from '../src/workspace/App.svelte'
import { scene, stage } from './stage'

afterEach(() => localStorage.removeItem('zoom'))

async function open(name = 'ws-calls') {
  const backend = await stage(name)
  const { route } = scene(name)
  if (route !== undefined) router.reset(route)
  render(App)
  await tick()
  return backend
}

const alt = (code: string) => fireEvent.keyDown(document.body, { code, altKey: true })
const page = () => router.current.page
const body = () => document.querySelector<HTMLElement>('.body')!

describe('the way back', () => {
  test.each([
    ['the keys', () => alt('ArrowLeft'), () => alt('ArrowRight')],
    ['the mouse', () => fireEvent.mouseUp(document.body, { button: 3 }), () => fireEvent.mouseUp(document.body, { button: 4 })],
    ['the buttons', () => fireEvent.click(screen.getByRole('button', { name: 'Назад' })), () => fireEvent.click(screen.getByRole('button', { name: 'Вперёд' }))],
  ])('by %s, and forward again', async (_, back, forward) => {
    await open()
    router.go({ page: 'search', call: null })
    router.go({ page: 'settings' })
    await tick()
    await back()
    expect(page()).toBe('search')
    await back()
    expect(page()).toBe('calls')
    await back()
    expect(page()).toBe('calls')
    await forward()
    await forward()
    expect(page()).toBe('settings')
    await back()
    router.go({ page: 'outbox' })
    expect(router.canGoForward).toBe(false)
  })

  test('a button says it, in both languages, and rests where there is no way', async () => {
    await open()
    const button = screen.getByRole('button', { name: 'Назад' })
    expect(button.getAttribute('aria-disabled')).toBe('true')
    router.go({ page: 'settings' })
    await tick()
    expect(button.getAttribute('aria-disabled')).toBe('false')
    setLanguage('en')
    await tick()
    expect(button.textContent).toContain('Back')
  })

  test('what was searched for is there again, with its answer and without asking anew', async () => {
    const backend = await open('ws-search')
    const field = () => screen.getByRole<HTMLInputElement>('combobox')
    await fireEvent.input(field(), { target: { value: 'катя' } })
    await vi.waitFor(() => expect(screen.getAllByRole('option').length).toBeGreaterThan(1))
    await fireEvent.keyDown(field(), { code: 'ArrowDown' })
    const found = screen.getAllByRole('option').map((option) => option.textContent)
    const times = backend.searchUsers.mock.calls.length
    router.go({ page: 'settings' })
    await tick()
    await alt('ArrowLeft')
    await vi.waitFor(() => expect(field().value).toBe('катя'))
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(found)
    expect(screen.getAllByRole('option')[1]!.getAttribute('aria-selected')).toBe('true')
    expect(backend.searchUsers).toHaveBeenCalledTimes(times)
  })

  test('a page is scrolled to where it was, a new one to its beginning', async () => {
    await open()
    const before = body()
    before.scrollTop = 340
    await fireEvent.scroll(before)
    router.go({ page: 'settings' })
    await vi.waitFor(() => expect(body()).not.toBe(before))
    expect(body().scrollTop).toBe(0)
    await alt('ArrowLeft')
    await vi.waitFor(() => expect(document.querySelector('table')).not.toBeNull())
    expect(body().scrollTop).toBe(340)
  })

  test('a dialog is answered first', async () => {
    await open('ws-edit-user')
    router.go({ page: 'settings' })
    document.body.append(Object.assign(document.createElement('dialog'), { open: true }))
    await alt('ArrowLeft')
    expect(page()).toBe('settings')
    document.querySelector('dialog')!.remove()
    await alt('ArrowLeft')
    expect(page()).not.toBe('settings')
  })
})

describe('the size', () => {
  const ctrl = (code: string, shiftKey = false) => fireEvent.keyDown(document.body, { code, ctrlKey: true, shiftKey })

  test('larger, smaller and as usual, by any key that says so', async () => {
    const { zoom } = await open()
    for (const key of ['Equal', 'NumpadAdd', 'Minus', 'NumpadSubtract', 'Minus', 'Digit0']) await ctrl(key)
    await ctrl('Equal', true)
    expect(zoom.mock.calls.flat()).toEqual([110, 125, 110, 100, 90, 100, 110])
  })

  test.each([
    ['the popup', 'popup-ringing-known', Popup],
    ['the dial window', 'dial-empty', Dial],
  ] as const)('%s heeds the same keys, and goes on from the size that all windows have', async (_, name, Window) => {
    const { zoom } = await stage(name)
    localStorage.setItem('zoom', '125')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    render(Window)
    await tick()
    await vi.advanceTimersByTimeAsync(GUARD_MS)
    for (const code of ['Equal', 'Minus', 'Minus', 'Digit0']) {
      const event = new KeyboardEvent('keydown', { code, key: code, ctrlKey: true, bubbles: true, cancelable: true })
      // As with the keyboard, which it was given by a press.
      await fireEvent.pointerDown(document.body)
      document.activeElement!.dispatchEvent(event)
      expect([code, event.defaultPrevented]).toEqual([code, true])
    }
    expect(zoom.mock.calls.flat()).toEqual([150, 125, 110, 100])
    vi.useRealTimers()
  })

  test('it ends somewhere', async () => {
    const { zoom } = await open()
    for (let i = 0; i < 12; i++) await ctrl('Equal')
    expect(zoom.mock.lastCall).toEqual([200])
    for (let i = 0; i < 20; i++) await ctrl('Minus')
    expect(zoom.mock.lastCall).toEqual([50])
  })

  test('it is as it was after a restart, and what is no size changes nothing', async () => {
    const backend = await open()
    await ctrl('Equal')
    backend.zoom.mockClear()
    await restoreZoom()
    expect(backend.zoom).toHaveBeenCalledExactlyOnceWith(110)
    localStorage.setItem('zoom', '9000')
    await restoreZoom()
    expect(backend.zoom).toHaveBeenCalledTimes(1)
  })
})
