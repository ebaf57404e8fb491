import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { UpdateView } from '$lib/backend'
import { router } from '$lib/router.svelte'
import { updateText, updateTroubleText, version } from '$lib/version.svelte'
import Settings from '../src/pages/Settings.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import Banners from '../src/workspace/Banners.svelte'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
  settingsView.section = 'connections'
  version.known = version.seen = version.failed = null
  version.busy = false
})

const button = (name: string) => screen.getByRole('button', { name })
const NEWER: UpdateView = { type: 'newer', version: '0.2.0', notes: '' }

async function general(name: string) {
  const backend = await stage(name)
  await version.follow(backend)
  settingsView.section = 'general'
  router.reset({ page: 'settings' })
  render(Settings)
  await tick()
  await tick()
  return backend
}

test('without an office that names a place the version is said and nothing is offered', async () => {
  await general('ws-settings')
  expect(screen.getByText('Ringside 0.1.0')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /Проверить/ })).toBeNull()
})

test('a newer one is told of above the page until its place in the settings was seen', async () => {
  const backend = await stage('ws-banner-version')
  await version.follow(backend)
  render(Banners)
  expect(await screen.findByText('Есть версия 0.2.0.')).toBeTruthy()
  await fireEvent.click(button('Посмотреть'))
  expect(settingsView.section).toBe('general')
  render(Settings)
  await waitFor(() => expect(button('Установить и перезапустить')).toBeTruthy())
  expect(screen.queryByRole('button', { name: 'Посмотреть' })).toBeNull()
})

test('one that is refused is said, and can be asked for again', async () => {
  const backend = await general('ws-version')
  await fireEvent.click(button('Установить и перезапустить'))
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Подпись новой версии неверна'))
  expect(backend.installUpdate).toHaveBeenCalledOnce()
  backend.version.mockResolvedValue({ version: '0.1.0', update: { type: 'newest' } })
  await fireEvent.click(button('Проверить ещё раз'))
  await waitFor(() => expect(screen.getByText('Новее нет.')).toBeTruthy())
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.queryByRole('button', { name: 'Установить и перезапустить' })).toBeNull()
})

test('a look in vain leaves what was found before to be installed', async () => {
  const backend = await general('ws-version')
  await fireEvent.click(button('Установить и перезапустить'))
  await waitFor(() => expect(button('Проверить ещё раз')).toBeTruthy())
  backend.lookForUpdate.mockResolvedValueOnce({ type: 'failed', trouble: 'unreachable' })
  await fireEvent.click(button('Проверить ещё раз'))
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('не отвечает'))
  expect(button('Установить и перезапустить')).toBeTruthy()
})

test('while it is loaded, and once it is there, nothing can be pressed', async () => {
  const backend = await general('ws-version')
  for (const update of [{ type: 'installing', percent: 42 }, { type: 'installed' }] as const) {
    backend.version.mockResolvedValue({ version: '0.1.0', update })
    await version.follow(backend)
    await waitFor(() => expect(screen.getByText(updateText(update))).toBeTruthy())
    expect(screen.queryByRole('button', { name: /Установить|Проверить/ })).toBeNull()
  }
})

test('a program that does not answer leaves the button usable', async () => {
  const backend = await general('ws-version')
  backend.installUpdate.mockRejectedValueOnce(new Error('gone'))
  await fireEvent.click(button('Установить и перезапустить'))
  await waitFor(() => expect(screen.getByRole('alert')).toBeTruthy())
  expect(button('Установить и перезапустить').getAttribute('aria-busy')).not.toBe('true')
})

test('what is said of it changes as the program learns of it', async () => {
  const backend = await stage('ws-settings')
  let told = () => {}
  backend.onVersionKnown.mockImplementation(async (listener) => {
    told = listener
    return () => {}
  })
  await version.follow(backend)
  expect(version.newer).toBeNull()
  backend.version.mockResolvedValue({ version: '0.1.0', update: NEWER })
  told()
  await waitFor(() => expect(version.newer).toBe('0.2.0'))
})

test('every state and trouble has its own words', () => {
  const troubles = ['source', 'unreachable', 'list', 'notForUs', 'tooLarge', 'signature', 'package', 'gone', 'inCall', 'notAllowed', 'unfinished', 'other'] as const
  const states: UpdateView[] = [{ type: 'off' }, { type: 'notPackaged' }, { type: 'notAsked' }, { type: 'installing', percent: null }, { type: 'installing', percent: 7 }, { type: 'newest' }, NEWER, { type: 'installed' }]
  const texts = [...troubles.map(updateTroubleText), ...states.map(updateText)]
  expect(new Set(texts).size).toBe(troubles.length + states.length)
  for (const trouble of troubles) expect(updateText({ type: 'failed', trouble })).toBe(updateTroubleText(trouble))
})
