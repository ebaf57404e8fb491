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

/** A step among the pages one has been at. */
export type Way = 'back' | 'forward'

/** Alt with an arrow; on macOS Cmd with a bracket, as Option with an arrow moves over words. */
export function wayOf(event: KeyboardEvent): Way | null {
  if (event.shiftKey || (isMac ? !event.metaKey || event.altKey : !event.altKey || event.ctrlKey || event.metaKey)) return null
  if (event.code === (isMac ? 'BracketLeft' : 'ArrowLeft')) return 'back'
  return event.code === (isMac ? 'BracketRight' : 'ArrowRight') ? 'forward' : null
}

/** How it is written in hints. */
export const BACK_LABEL = isMac ? '⌘ [' : 'Alt ←'
export const FORWARD_LABEL = isMac ? '⌘ ]' : 'Alt →'

/** The mouse's buttons at the thumb. */
export function wayOfButton(event: MouseEvent): Way | null {
  if (event.button === 3) return 'back'
  return event.button === 4 ? 'forward' : null
}

/** Ctrl (Cmd), Shift and this physical key, without Alt. */
export function isShiftCommand(event: KeyboardEvent, code: string): boolean {
  return hasCommand(event) && event.shiftKey && !event.altKey && event.code === code
}

/** What is ticked, pressed or drawn takes no text. */
const NO_TEXT = ['checkbox', 'radio', 'range', 'file', 'button', 'submit', 'reset', 'color', 'image'].map((type) => `:not([type=${type}])`).join('')
const FIELDS = `input${NO_TEXT}, textarea, select, [contenteditable]`

/** Whether somebody writes: then digits, letters and signs are text. */
export function isWriting(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.matches(FIELDS)
}

/** The digit 1-9 of the physical key, also on the keypad; otherwise null. */
export function digitOf(event: KeyboardEvent): number | null {
  const match = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)
  return match === null ? null : Number(match[1])
}
