/** Key combinations for every program, as the settings keep them: `Ctrl+Alt+C`. A key is named by its place, in any layout. */
import type { Hotkey, HotkeysView } from './backend'
import { m } from './m'
import type { Listed } from './shortcuts'

const LEAST_MODIFIERS = 2
const SAME_NAME = ['Space', 'Insert', 'Home', 'End', 'PageUp', 'PageDown', 'Comma', 'Period']

/** The key's name; null for one that cannot be set, such as Shift itself. */
function keyOf(code: string): string | null {
  const plain = /^(?:Key([A-Z])|Digit(\d)|(F(?:[1-9]|1[0-2])))$/.exec(code)
  if (plain !== null) return plain[1] ?? plain[2] ?? plain[3] ?? null
  return SAME_NAME.includes(code) ? code : null
}

/** What is pressed, where it can be set; the back end checks it again. */
export function combinationOf(event: KeyboardEvent): string | null {
  const key = keyOf(event.code)
  const modifiers = [event.ctrlKey && 'Ctrl', event.altKey && 'Alt', event.shiftKey && 'Shift', event.metaKey && 'Super'].filter((name) => name !== false)
  return key === null || modifiers.length < LEAST_MODIFIERS ? null : [...modifiers, key].join('+')
}

/** Whether only modifiers are down so far. */
export function isModifier(event: KeyboardEvent): boolean {
  return /^(?:Control|Alt|Shift|Meta|OS)(?:Left|Right)?$/.test(event.code)
}

/** What each does. */
export const HOTKEYS: Record<Hotkey, () => string> = {
  dial: m.hotkey_dial,
  popup: m.hotkey_popup,
  private: m.hotkey_private,
}

/** Those that are heard, as a group of the list of shortcuts; none of them, no group. */
export function listedHotkeys({ heard }: HotkeysView): Listed[] {
  const shown = heard.filter(({ keys }) => keys !== '')
  const shortcuts = shown.map(({ hotkey, keys }) => ({ id: hotkey, keys: [keys.replaceAll('+', ' ')], text: HOTKEYS[hotkey] }))
  return shortcuts.length === 0 ? [] : [{ title: m.hotkeys_title(), shortcuts }]
}
