/** Keys of the card after a call, where no control of it has them already. */

import { isWriting } from '$lib/keys'
import { pressed } from '$lib/shortcuts'

const CONTROLS = `input, textarea, select, [contenteditable], button, a, [role=button], [role=link], [role=radio]`

/** Enter: done, also from within the gist, where Shift+Enter begins a line. On a button it presses that. */
export function isDone(event: KeyboardEvent): boolean {
  if (event.isComposing || event.shiftKey || event.altKey || event.defaultPrevented || (event.code !== 'Enter' && event.code !== 'NumpadEnter')) return false
  return isWriting(event) || !(event.target instanceof Element && event.target.matches(CONTROLS))
}

/** A letter, or the slash that calls a phrase: digits choose. */
export function beginsText(event: KeyboardEvent): boolean {
  return !event.defaultPrevented && pressed(event, 'write')
}
