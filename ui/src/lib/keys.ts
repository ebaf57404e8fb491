/** Shortcuts by physical key, so that they work in the Russian layout too (design section 9). */

const isMac = navigator.userAgent.includes('Mac')

/** Ctrl, or Cmd on macOS. */
export function hasCommand(event: KeyboardEvent): boolean {
  return isMac ? event.metaKey : event.ctrlKey
}

/** How the command key is written in hints. */
export const COMMAND_LABEL = isMac ? '⌘' : 'Ctrl'

/** Ctrl (Cmd) and this physical key such as `KeyK` or `Enter`, without Shift and Alt. */
export function isCommand(event: KeyboardEvent, code: string): boolean {
  return hasCommand(event) && !event.shiftKey && !event.altKey && event.code === code
}

/** The digit 1-9 of the physical key, also on the keypad; otherwise null. */
export function digitOf(event: KeyboardEvent): number | null {
  const match = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)
  return match === null ? null : Number(match[1])
}
