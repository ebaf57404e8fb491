import { afterEach, expect, test, vi } from 'vitest'
import { setTheme } from '$lib/i18n.svelte'
import { followGround } from '$lib/ground'
import { stage } from './stage'

const root = document.documentElement

afterEach(() => {
  vi.unstubAllGlobals()
  root.removeAttribute('style')
  setTheme('')
})

test('the window is told the colour of its page, now and after each change of the theme, here or in the system', async () => {
  const backend = await stage('ws-profile')
  let systemChanges = () => {}
  vi.stubGlobal('matchMedia', () => ({ addEventListener: (_: string, heard: () => void) => (systemChanges = heard) }))
  root.style.backgroundColor = 'rgb(255, 255, 255)'
  followGround()
  expect(backend.windowGround).toHaveBeenLastCalledWith(255, 255, 255)
  root.style.backgroundColor = 'rgb(25, 26, 30)'
  setTheme('dark')
  await vi.waitFor(() => expect(backend.windowGround).toHaveBeenLastCalledWith(25, 26, 30))
  root.style.backgroundColor = 'rgb(1, 2, 3)'
  systemChanges()
  expect(backend.windowGround).toHaveBeenLastCalledWith(1, 2, 3)
  // One that lets the desktop through.
  root.style.backgroundColor = 'rgba(0, 0, 0, 0)'
  systemChanges()
  expect(backend.windowGround).toHaveBeenCalledTimes(3)
})
