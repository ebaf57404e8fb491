/**
 * An in-browser stand-in for the back end, so that every screen opens without the application:
 * `?fake=ws-profile&theme=dark&lang=en`. Scenes live in `fake/scenes/`, one file per area.
 */
import { fakeBackend } from './fake/backend'
import type { Scene } from './fake/scene'
import type { Backend } from './types'

const files = import.meta.glob<{ scenes: Record<string, () => Scene> }>('./fake/scenes/*.ts', { eager: true })

/** Every scene by name. */
export const SCENES: Record<string, () => Scene> = Object.assign({}, ...Object.values(files).map((file) => file.scenes))

/** The stand-in that the address asks for; without a name, the first scene of its window. */
export function fakeFromAddress(address: Location): Backend {
  const wanted = new URLSearchParams(address.search)
  const scene = SCENES[wanted.get('fake') ?? firstScene(address.pathname)]
  if (scene === undefined) throw new Error(`no such scene; there are: ${Object.keys(SCENES).sort().join(', ')}`)
  return fakeBackend(scene(), { language: wanted.get('lang') ?? '', theme: wanted.get('theme') ?? '' })
}

function firstScene(page: string): string {
  if (page.includes('popup')) return 'popup-ringing-known'
  if (page.includes('start')) return 'start-readOnly'
  return page.includes('dial') ? 'dial-empty' : 'ws-profile'
}
