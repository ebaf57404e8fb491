/** Every test starts with a Russian window, an empty desk and no page history. */
import { afterEach, beforeEach } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'

beforeEach(() => {
  setLanguage('ru')
})

afterEach(() => {
  desk.reset()
  router.reset()
})
