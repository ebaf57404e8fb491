/**
 * Before a hidden workspace is given back, it is asked: what was typed is saved where it belongs, and where that cannot be,
 * or a recording plays, the window stays. Then it says where to come back to. Where it stays silent it is asked again later.
 */
import type { Backend, Unlisten } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { saveDrafts } from '$lib/draft.svelte'
import { router } from '$lib/router.svelte'
import { followTyping, hasUnsavedText } from '$lib/typing'
import { hasUnsent } from '../pages/user/form.svelte'

export async function followRest(backend: Backend): Promise<Unlisten> {
  const unfollow = followTyping()
  const unlisten = await backend.onRestAsked((rest) => void answer(backend, rest))
  return () => {
    unlisten()
    unfollow()
  }
}

async function answer(backend: Backend, rest: number): Promise<void> {
  // The steps of the set-up are one form, of which one page shows at a time.
  if (desk.view.stage.type !== 'ready') return
  const saved = await saveDrafts()
  if (!saved || hasUnsavedText() || hasUnsent() || isPlaying()) return
  await backend.giveBack(rest, router.trail)
}

function isPlaying(): boolean {
  return [...document.querySelectorAll('audio')].some((sound) => !sound.paused && !sound.ended)
}
