import { render } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { desk } from '$lib/desk.svelte'
import Rehearsal from '../src/popup/Rehearsal.svelte'
import { rehearsedCalls } from '../src/popup/rehearsal'
import { reminder } from '$lib/backend/fake/scene'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** The scene's popup without a call, and what the rehearsal shows. */
async function rehearse() {
  const backend = await stage('popup-ringing-known')
  const { view } = scene('popup-ringing-known')
  desk.reset()
  const { container } = render(Rehearsal)
  await tick()
  return { backend, view, container }
}

async function nextFrame() {
  vi.advanceTimersToNextFrame()
  await tick()
}

test('each made-up call is drawn, unseen and unheard, and then the window is hidden again', async () => {
  const { backend, container } = await rehearse()
  expect(backend.rehearsePopup).toHaveBeenCalledExactlyOnceWith(true)
  const drawn = new Set<string>()
  for (let frame = 0; frame < 2 * rehearsedCalls(0).length; frame += 1) {
    const shell = container.firstElementChild
    expect(shell?.getAttribute('aria-hidden')).toBe('true')
    expect(shell?.hasAttribute('inert')).toBe(true)
    drawn.add(container.innerHTML)
    expect(backend.rehearsePopup).toHaveBeenCalledOnce()
    await nextFrame()
  }
  expect(drawn.size).toBe(rehearsedCalls(0).length)
  expect(container.textContent).toBe('')
  expect(backend.rehearsePopup).toHaveBeenLastCalledWith(false)
  await nextFrame()
  expect(backend.rehearsePopup).toHaveBeenCalledTimes(2)
  expect(backend.popupPainted).not.toHaveBeenCalled()
})

test('so does a reminder that is due, and leaves the window its own height', async () => {
  const { backend, view, container } = await rehearse()
  await nextFrame()
  backend.popupSize.mockClear()
  desk.apply({ ...view, popup: [], reminders: [reminder()] })
  await tick()
  expect(container.textContent).toBe('')
  await nextFrame()
  expect(backend.popupSize).not.toHaveBeenCalled()
})

test('a call that comes meanwhile ends it at once', async () => {
  const { backend, view, container } = await rehearse()
  await nextFrame()
  expect(container.textContent).not.toBe('')
  desk.apply(view)
  await tick()
  expect(container.textContent).toBe('')
  await nextFrame()
  expect(backend.rehearsePopup).toHaveBeenLastCalledWith(false)
})
