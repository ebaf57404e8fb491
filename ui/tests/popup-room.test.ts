/** Beside a workspace that lies where the card would stand, the popup is one line. */
import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { desk as deskView, reminder } from '$lib/backend/fake/scene'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { followTips } from '$lib/pointer/tips'
import Popup from '../src/popup/Popup.svelte'
import { room } from '../src/popup/room.svelte'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 32, 0) })
})

afterEach(() => {
  room.isShort = false
  vi.useRealTimers()
})

/** The scene, and how its workspace comes and goes. */
async function show(name: string) {
  let isShort = scene(name).shortOfRoom === true
  let told = () => {}
  const backend = await stage({
    ...scene(name),
    overrides: {
      popupRoom: async () => ({ isShort, highest: 560 }),
      onPopupRoom: async (listener) => {
        told = listener
        return () => {}
      },
    },
  })
  await room.follow()
  render(Popup)
  await tick()
  const workspace = async (isThere: boolean) => {
    isShort = isThere
    told()
    await vi.advanceTimersByTimeAsync(0)
    await tick()
  }
  return { backend, workspace }
}

const isFolded = () => screen.queryByRole('heading') === null
const line = () => document.querySelector('section')?.textContent?.replaceAll(/\s+/g, ' ').trim()

test.each([
  ['popup-folded-talking', 'Екатерина Воскресенская-Добролюбова Звонок в процессе · 02:14', 'Звонок в процессе, Екатерина Воскресенская-Добролюбова'],
  ['popup-folded-ended', 'Екатерина Воскресенская-Добролюбова Звонок завершён · 04:12', 'Звонок завершён, Екатерина Воскресенская-Добролюбова'],
])('%s is a line that says person, state and time', async (name, text, label) => {
  await show(name)
  expect(isFolded()).toBe(true)
  expect(line()).toBe(text)
  expect(document.querySelector('section')?.getAttribute('aria-label')).toBe(label)
})

test('in English too', async () => {
  setLanguage('en')
  await show('popup-folded-ended')
  expect(line()).toBe('Екатерина Воскресенская-Добролюбова Call ended · 04:12')
})

test('a name that is cut is said by our own tooltip, wherever one points on the line', async () => {
  const stop = followTips()
  await show('popup-folded-ended')
  const button = screen.getByRole('button', { name: /^Развернуть/ })
  const wide = (width: number) => vi.spyOn(HTMLElement.prototype, 'scrollWidth', 'get').mockReturnValue(width)
  vi.spyOn(Element.prototype, 'getClientRects').mockImplementation(() => [{}] as unknown as DOMRectList)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(100)
  vi.stubGlobal('getComputedStyle', (element: Element) => ({ overflowX: element.matches('.cut') ? 'hidden' : 'visible', getPropertyValue: () => '' }))
  const tip = async () => {
    await fireEvent.pointerOver(document.body)
    await fireEvent.pointerOver(button)
    await vi.advanceTimersByTimeAsync(600)
    return document.querySelector('.tip')?.textContent ?? null
  }
  wide(90)
  expect(await tip()).toBeNull()
  wide(300)
  expect(await tip()).toBe('Екатерина Воскресенская-Добролюбова')
  stop()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('s01 a ringing call is shown in full whatever is below', async () => {
  const { backend } = await show('popup-folded-ringing')
  expect(screen.getByRole('heading').textContent).toBe('Екатерина Воскресенская-Добролюбова')
  expect(backend.popupSize).toHaveBeenLastCalledWith(expect.any(Number), false)
})

test('s02 so is the made-up call', async () => {
  const base = scene('popup-folded-talking')
  await stage({ ...base, view: { ...base.view, calls: base.view.calls.map((call) => ({ ...call, id: 'sample' })), popup: ['sample'] } })
  await room.follow()
  render(Popup)
  await tick()
  expect(isFolded()).toBe(false)
})

test('it folds when the workspace comes and unfolds when it goes, each time with its height', async () => {
  const box = vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect')
  box.mockImplementation(() => ({ height: isFolded() ? 41 : 380 }) as DOMRect)
  const { backend, workspace } = await show('popup-answered-known')
  expect(isFolded()).toBe(false)
  expect(backend.popupSize).toHaveBeenLastCalledWith(380, true)
  await workspace(true)
  expect(isFolded()).toBe(true)
  expect(backend.popupSize).toHaveBeenLastCalledWith(41, true)
  await workspace(false)
  expect(isFolded()).toBe(false)
  expect(backend.popupSize).toHaveBeenLastCalledWith(380, true)
  box.mockRestore()
})

test('whoever turns to it has the card before the workspace, until they turn away', async () => {
  const { backend } = await show('popup-folded-talking')
  await fireEvent.click(screen.getByRole('button', { name: 'Развернуть: Екатерина Воскресенская-Добролюбова' }))
  expect(isFolded()).toBe(false)
  expect(backend.popupSize).toHaveBeenLastCalledWith(expect.any(Number), false)
  window.dispatchEvent(new Event('blur'))
  await tick()
  expect(isFolded()).toBe(true)
  window.dispatchEvent(new Event('focus'))
  await tick()
  expect(isFolded()).toBe(false)
})

test('whom to call back gives way as well', async () => {
  const reminders = [reminder({ id: 'a/reminder-1', call: 'a', name: 'Екатерина Воскресенская-Добролюбова', isDue: true, inPopup: true })]
  const backend = await stage({ view: deskView({ reminders }), overrides: { popupRoom: async () => ({ isShort: true, highest: 560 }) } })
  await room.follow()
  render(Popup)
  await tick()
  expect(isFolded()).toBe(true)
  expect(line()).toBe('Екатерина Воскресенская-Добролюбова Пора перезвонить')
  expect(backend.popupSize).toHaveBeenLastCalledWith(expect.any(Number), true)
  await fireEvent.click(screen.getByRole('button', { name: /^Развернуть/ }))
  expect(screen.getByRole('heading', { name: 'Пора перезвонить' })).toBeTruthy()
  window.dispatchEvent(new Event('blur'))
  await tick()
  expect(isFolded()).toBe(true)
  await fireEvent.click(screen.getByRole('button', { name: 'Скрыть карточку' }))
  expect(backend.hidePopup).toHaveBeenCalledOnce()
})

test('it can be put away as a line', async () => {
  const { backend } = await show('popup-folded-ended')
  await fireEvent.click(screen.getByRole('button', { name: 'Скрыть карточку' }))
  expect(backend.hidePopup).toHaveBeenCalledOnce()
})

test('the focus that comes with a press does not take the line away from under the pointer', async () => {
  const { backend } = await show('popup-folded-ended')
  const hide = screen.getByRole('button', { name: 'Скрыть карточку' })
  await fireEvent.pointerDown(hide)
  window.dispatchEvent(new Event('focus'))
  await tick()
  expect(isFolded()).toBe(true)
  await fireEvent.pointerUp(hide)
  await fireEvent.click(hide)
  expect(backend.hidePopup).toHaveBeenCalledOnce()
})

test('a card that stands beside the workspace stays there when it gets the focus', async () => {
  const { backend, workspace } = await show('popup-answered-known')
  window.dispatchEvent(new Event('focus'))
  await tick()
  expect(backend.popupSize).not.toHaveBeenCalledWith(expect.any(Number), false)
  await workspace(true)
  expect(isFolded()).toBe(false)
  expect(backend.popupSize).toHaveBeenLastCalledWith(expect.any(Number), false)
})

test('what was unfolded once does not hide the workspace from then on', async () => {
  await show('popup-folded-talking')
  await fireEvent.click(screen.getByRole('button', { name: 'Развернуть: Екатерина Воскресенская-Добролюбова' }))
  const view = desk.view
  desk.apply({ ...view, popup: [], revision: view.revision + 1 })
  await tick()
  desk.apply({ ...view, revision: view.revision + 2 })
  await tick()
  expect(isFolded()).toBe(true)
})
