import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import App from '../src/workspace/App.svelte'
import { closing } from '../src/workspace/closing.svelte'
import { scene, stage } from './stage'

afterEach(async () => {
  await closing.answer('stay')
  cleanup()
  setLanguage('ru')
})

async function open(name = 'ws-profile-closing') {
  const backend = await stage(name)
  router.reset(scene(name).route)
  render(App)
  await closing.follow(backend)
  await tick()
  return backend
}

test('d1 where no tray leads back, closing is asked about with its reason, and Enter minimises', async () => {
  const backend = await open()
  const dialog = screen.getByRole('dialog', { name: 'Свернуть окно или выйти?' })
  expect(dialog.textContent).toContain('не показывает значок Ringside')
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Свернуть' }))
  await fireEvent.click(document.activeElement!)
  expect(backend.answerClosing).toHaveBeenCalledExactlyOnceWith('minimise')
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test.each([
  ['Выйти', 'quit'],
  ['Отмена', 'stay'],
])('d1 «%s» answers %s', async (button, answer) => {
  const backend = await open()
  await fireEvent.click(screen.getByRole('button', { name: button }))
  expect(backend.answerClosing).toHaveBeenCalledExactlyOnceWith(answer)
})

test('d1 Esc keeps the window as it is', async () => {
  const backend = await open()
  await fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }))
  expect(backend.answerClosing).toHaveBeenCalledExactlyOnceWith('stay')
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('d1 it is asked in the steps of the set-up, too', async () => {
  const backend = await stage('ws-setup-empty')
  render(App)
  let ask: (number: number) => void = () => {}
  backend.onClosingAsked.mockImplementation(async (listener) => {
    ask = listener
    return () => {}
  })
  await closing.follow(backend)
  ask(1)
  await tick()
  expect(screen.getByRole('dialog', { name: 'Свернуть окно или выйти?' })).toBeTruthy()
  // Closed again meanwhile: it was minimised without the page.
  ask(0)
  await tick()
  expect(screen.queryByRole('dialog')).toBeNull()
})
