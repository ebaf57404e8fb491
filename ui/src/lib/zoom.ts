/** How large the workspace is drawn: Ctrl with `=`, `-` and `0`. The choice outlives the program. */
import { backend } from './backend'

const KEY = 'zoom'
const USUAL = 100
const STEPS = [50, 67, 80, 90, USUAL, 110, 125, 150, 175, 200]

/** Draws it as it was chosen; as usual where nothing was. */
export async function restoreZoom(): Promise<void> {
  const percent = chosen()
  if (percent !== USUAL) await backend().zoom(percent)
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

function chosen(): number {
  const kept = Number(localStorage.getItem(KEY))
  return STEPS.includes(kept) ? kept : USUAL
}
