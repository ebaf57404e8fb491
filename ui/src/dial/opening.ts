/**
 * What happens when the window is opened and closed. It exists all the time, but follows the desk only while it is
 * open: the state is large, and nobody looks at a hidden window.
 */
import { backend, type Unlisten } from '$lib/backend'
import { followDesk } from '$lib/desk.svelte'
import { setLanguage, setTheme } from '$lib/i18n.svelte'

let following: Promise<Unlisten> | null = null

/** The settings may have changed since the window was last seen. */
export async function takeLooks(): Promise<void> {
  const { language, theme } = await backend().appearance()
  setLanguage(language)
  setTheme(theme)
}

export function opened(): void {
  void takeLooks()
  closed()
  following = followDesk(backend())
}

export function closed(): void {
  void following?.then((unlisten) => unlisten())
  following = null
}
