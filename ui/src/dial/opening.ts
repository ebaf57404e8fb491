/**
 * What happens when the window is opened and closed. It exists all the time, but follows the desk only while it is
 * open: the state is large, and nobody looks at a hidden window.
 */
import { backend, type Unlisten } from '$lib/backend'
import { followDesk } from '$lib/desk.svelte'
import { takeLooks } from '$lib/looks'

let following: Promise<Unlisten> | null = null

export function opened(): void {
  void takeLooks()
  closed()
  following = followDesk(backend())
}

export function closed(): void {
  void following?.then((unlisten) => unlisten())
  following = null
}
