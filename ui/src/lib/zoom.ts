/**
 * How large the windows are drawn: Ctrl with `=`, `-` and `0` in any of them, and all of them follow, the popup too, which heeds
 * no keys while it has none. The choice outlives the program.
 */
import { backend } from './backend'
import { pressed } from './shortcuts'

const KEY = 'zoom'
const USUAL = 100
const STEPS = [50, 67, 80, 90, USUAL, 110, 125, 150, 175, 200]

/** Draws them as it was chosen; as usual where nothing was. */
export async function restoreZoom(): Promise<void> {
  const percent = chosen()
  if (percent !== USUAL) await backend().zoom(percent)
}

/** Whether a key was one of these, which then is heeded. */
export function zooms(event: KeyboardEvent): boolean {
  if (pressed(event, 'larger')) larger()
  else if (pressed(event, 'smaller')) smaller()
  else if (pressed(event, 'usual')) usual()
  else return false
  event.preventDefault()
  return true
}

export function larger(): void {
  choose(STEPS.find((step) => step > chosen()))
}

export function smaller(): void {
  choose(STEPS.filter((step) => step < chosen()).at(-1))
}

export function usual(): void {
  choose(USUAL)
}

function choose(percent: number | undefined): void {
  if (percent === undefined) return
  localStorage.setItem(KEY, String(percent))
  void backend().zoom(percent)
}

/** How large they are drawn now, percent. Kept by all windows in common, so that each goes on from there. */
export function chosen(): number {
  const kept = Number(localStorage.getItem(KEY))
  return STEPS.includes(kept) ? kept : USUAL
}
