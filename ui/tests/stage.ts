/** Puts a scene of the stand-in back end on the stage and records what the windows ask of it. */
import { vi, type Mock } from 'vitest'
import { useBackend, type Backend } from '$lib/backend'
import { SCENES } from '$lib/backend/fake'
import { fakeBackend } from '$lib/backend/fake/backend'
import type { Scene } from '$lib/backend/fake/scene'
import { desk, followDesk, NO_CALLS } from '$lib/desk.svelte'

export type Spied = { [K in keyof Backend]: Mock<Backend[K]> }

export function scene(name: string): Scene {
  const make = SCENES[name]
  if (make === undefined) throw new Error(`no scene ${name}`)
  return make()
}

/** The back end of a scene, each command a spy; the desk follows it. */
export async function stage(from: string | Scene): Promise<Spied> {
  const backend = fakeBackend(typeof from === 'string' ? scene(from) : from)
  const spied = Object.fromEntries(
    Object.entries(backend).map(([name, command]) => [name, vi.fn(command as (...args: unknown[]) => unknown)]),
  ) as unknown as Spied
  useBackend(spied)
  // Whichever page is rendered, its calls are there.
  desk.shows = { ...NO_CALLS, listed: 1_000, outbox: true }
  await followDesk(spied)
  return spied
}
