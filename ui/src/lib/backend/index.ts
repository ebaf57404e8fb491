/** Picks the back end once: the application when there is one, else the stand-in, which no production window loads. */
import { tauri } from './tauri'
import type { Backend } from './types'

export type * from './types'

let chosen: Backend | null = null

/** Must be awaited once before `backend()`. */
export async function connectBackend(): Promise<Backend> {
  chosen ??= '__TAURI_INTERNALS__' in window ? tauri : (await import('./fake')).fakeFromAddress(window.location)
  return chosen
}

/** For tests: what stands behind the windows from now on. */
export function useBackend(backend: Backend): void {
  chosen = backend
}

export function backend(): Backend {
  if (chosen === null) throw new Error('the back end is not connected yet')
  return chosen
}
