/** Every test starts in the early afternoon with a Russian window, an empty desk and no page history. */
import { afterEach, beforeEach, vi } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'

beforeEach(() => {
  // Around midnight «today» would be another day in the middle of a test.
  vi.setSystemTime(new Date(2026, 10, 22, 14, 31))
  setLanguage('ru')
})

afterEach(() => {
  vi.useRealTimers()
  desk.reset()
  router.reset()
})
