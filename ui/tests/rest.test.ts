import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { router } from '$lib/router.svelte'
import Compose from '../src/pages/Compose.svelte'
import Search from '../src/pages/Search.svelte'
import { keepUnsent } from '../src/pages/user/form.svelte'
import { followRest } from '../src/workspace/rest'
import { refused } from '$lib/backend/fake/backend'
import { scene, stage, type Spied } from './stage'

let backend: Spied
let ask: (rest: number) => Promise<void>
let end: () => void

/** The workspace of a scene, and the question whether it can go. */
async function open(from: Parameters<typeof stage>[0]) {
  backend = await stage(from)
  let listener: (rest: number) => void = () => {}
  backend.onRestAsked.mockImplementation(async (heard) => {
    listener = heard
    return () => {}
  })
  end = await followRest(backend)
  ask = async (rest) => {
    listener(rest)
    await vi.advanceTimersByTimeAsync(50)
  }
}

beforeEach(() => vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 31), toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => {
  cleanup()
  end()
  document.body.replaceChildren()
})

test('a workspace with nothing typed goes, and says where to come back to and how one came there', async () => {
  await open('ws-profile')
  router.reset()
  router.go({ page: 'settings' })
  router.go({ page: 'outbox' })
  await ask(7)
  expect(backend.giveBack).toHaveBeenCalledExactlyOnceWith(7, [{ page: 'calls' }, { page: 'settings' }, { page: 'outbox' }])
})

test('what was typed about a call is saved before the window goes, and a refusal of the disk keeps it', async () => {
  await open('ws-compose')
  const call = scene('ws-compose').view.calls[0]!.id
  backend.saveDraft.mockResolvedValueOnce(refused({ trouble: 'storage', about: null }))
  render(Compose, { props: { call } })
  await tick()
  const gist = screen.getByLabelText('Суть звонка')
  await fireEvent.input(gist, { target: { value: 'Не проходит оплата' } })
  await ask(1)
  expect(backend.saveDraft).toHaveBeenCalledTimes(1)
  expect(backend.giveBack).not.toHaveBeenCalled()
  await ask(2)
  expect(backend.saveDraft).toHaveBeenLastCalledWith(call, expect.any(String), 'Не проходит оплата')
  expect(backend.giveBack).toHaveBeenCalledTimes(1)
})

test('a form that was left open keeps the window; what one looked for does not', async () => {
  await open('ws-search')
  render(Search, { props: { call: null } })
  await tick()
  await fireEvent.input(screen.getByRole('combobox'), { target: { value: 'Иванов' } })
  await ask(1)
  expect(backend.giveBack).toHaveBeenCalledTimes(1)

  const field = document.body.appendChild(document.createElement('input'))
  await fireEvent.input(field, { target: { value: 'отдел' } })
  await ask(2)
  expect(backend.giveBack).toHaveBeenCalledTimes(1)
  field.remove()
  await ask(3)
  expect(backend.giveBack).toHaveBeenCalledTimes(2)
})

test('a form that went away with its page keeps the window, too', async () => {
  await open('ws-profile')
  keepUnsent('501', { name: 'Иванов' })
  await ask(1)
  expect(backend.giveBack).not.toHaveBeenCalled()
  keepUnsent('501', null)
  await ask(2)
  expect(backend.giveBack).toHaveBeenCalledTimes(1)
})

test('a recording that plays is heard to its end', async () => {
  await open('ws-profile')
  const sound = document.body.appendChild(document.createElement('audio'))
  Object.defineProperty(sound, 'paused', { value: false })
  await ask(1)
  expect(backend.giveBack).not.toHaveBeenCalled()
})

test('the steps of the set-up are not given back', async () => {
  const first = scene('ws-profile')
  await open({ ...first, view: { ...first.view, stage: { type: 'setUp' } } })
  await ask(1)
  expect(backend.giveBack).not.toHaveBeenCalled()
})
