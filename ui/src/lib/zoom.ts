/** How large the workspace is drawn: Ctrl with `=`, `-` and `0`. The choice outlives the program. */
import { backend } from './backend'
import { hasCommand } from './keys'

const KEY = 'zoom'
const USUAL = 100
const STEPS = [50, 67, 80, 90, USUAL, 110, 125, 150, 175, 200]

/** Draws it as it was chosen; as usual where nothing was. */
export async function restoreZoom(): Promise<void> {
  const percent = chosen()
  if (percent !== USUAL) await backend().zoom(percent)
}

/** What the keys ask for: larger and smaller also by the keypad and with Shift, which makes `+` of `=`. */
export function zoomOf(event: KeyboardEvent): (() => void) | null {
  if (!hasCommand(event) || event.altKey) return null
  switch (event.code) {
    case 'Equal':
    case 'NumpadAdd':
      return () => choose(STEPS.find((step) => step > chosen()))
    case 'Minus':
    case 'NumpadSubtract':
      return () => choose(STEPS.filter((step) => step < chosen()).at(-1))
    case 'Digit0':
    case 'Numpad0':
      return () => choose(USUAL)
    default:
      return null
  }
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
