/**
 * The one table of shortcuts: the windows heed what it names and the list of shortcuts (`?`) shows it, so neither knows a key
 * that the other does not (tests/shortcuts.test.ts).
 */
import { BACK_LABEL, digitOf, FORWARD_LABEL, isCommand, isShiftCommand, isWriting, wayOf } from './keys'
import { m } from './m'

/** A window with keys of its own. */
export type Place = 'workspace' | 'popup' | 'dial'

export type Group = 'everywhere' | 'pages' | 'size' | 'calls' | 'lists' | 'writing'

export interface Shortcut {
  id: string
  places: Place[]
  group: Group
  /** As they are written, one cap each; `Ctrl` first. */
  keys: readonly string[]
  /** What they do. */
  text: () => string
  /** Keys that controls heed by themselves wherever they stand (`KeyboardEvent.code`, or `.key` where that is a word). */
  codes?: readonly string[]
  /** Whether an event is it, where a window or a page heeds it. */
  is?: (event: KeyboardEvent) => boolean
}

export const GROUPS: Record<Group, () => string> = {
  everywhere: m.keys_everywhere,
  pages: m.keys_pages,
  size: m.keys_size,
  calls: m.keys_calls,
  lists: m.keys_lists,
  writing: m.keys_writing,
}

const ALL: Place[] = ['workspace', 'popup', 'dial']

const plain = (event: KeyboardEvent) => !event.ctrlKey && !event.metaKey && !event.altKey

const TABLE = [
  { id: 'palette', places: ['workspace'], group: 'everywhere', keys: ['Ctrl K'], text: m.keys_palette, is: (event) => isCommand(event, 'KeyK') },
  {
    id: 'keys',
    places: ALL,
    group: 'everywhere',
    keys: ['?'],
    text: m.keys_list,
    // By the sign, and by the key that has it in most layouts.
    is: (event) => plain(event) && !isWriting(event) && (event.key === '?' || (event.code === 'Slash' && event.shiftKey)),
  },
  { id: 'dial', places: ['workspace'], group: 'everywhere', keys: ['Ctrl D'], text: m.common_dial_number, is: (event) => isCommand(event, 'KeyD') },
  { id: 'compose', places: ['workspace'], group: 'everywhere', keys: ['Ctrl N'], text: m.workspace_create, is: (event) => isCommand(event, 'KeyN') },
  { id: 'popup', places: ['workspace'], group: 'everywhere', keys: ['Ctrl Shift O'], text: m.keys_popup, is: (event) => isShiftCommand(event, 'KeyO') },
  { id: 'private', places: ['workspace'], group: 'everywhere', keys: ['Ctrl Shift H'], text: m.privacy_hide, is: (event) => isShiftCommand(event, 'KeyH') },
  { id: 'back', places: ['workspace'], group: 'pages', keys: [BACK_LABEL], text: m.workspace_back, is: (event) => wayOf(event) === 'back' },
  { id: 'forward', places: ['workspace'], group: 'pages', keys: [FORWARD_LABEL], text: m.workspace_forward, is: (event) => wayOf(event) === 'forward' },
  {
    id: 'section',
    places: ['workspace'],
    group: 'pages',
    keys: ['Ctrl 1–5'],
    text: m.keys_sections,
    is: (event) => [1, 2, 3, 4, 5].some((digit) => isCommand(event, `Digit${digit}`)),
  },
  { id: 'filter', places: ['workspace'], group: 'calls', keys: ['/'], text: m.keys_filter, is: isFilter },
  { id: 'intoList', places: ['workspace'], group: 'calls', keys: ['↓'], text: m.keys_into_list, is: (event) => plain(event) && event.code === 'ArrowDown' && event.target === document.body },
  { id: 'callAgain', places: ['workspace'], group: 'calls', keys: ['C'], text: m.keys_call_again, is: (event) => plain(event) && event.code === 'KeyC' },
  { id: 'claim', places: ['workspace'], group: 'calls', keys: ['T'], text: m.keys_claim, is: (event) => plain(event) && event.code === 'KeyT' },
  { id: 'copyNumber', places: ['workspace'], group: 'calls', keys: ['Ctrl C'], text: m.keys_copy, is: (event) => isCommand(event, 'KeyC') },
  { id: 'details', places: ['workspace'], group: 'calls', keys: ['→', '←'], text: m.keys_details, codes: ['ArrowRight', 'ArrowLeft'] },
  { id: 'larger', places: ALL, group: 'size', keys: ['Ctrl +'], text: m.keys_larger, is: (event) => isZoom(event, ['Equal', 'NumpadAdd']) },
  { id: 'smaller', places: ALL, group: 'size', keys: ['Ctrl −'], text: m.keys_smaller, is: (event) => isZoom(event, ['Minus', 'NumpadSubtract']) },
  { id: 'usual', places: ALL, group: 'size', keys: ['Ctrl 0'], text: m.keys_usual, is: (event) => isZoom(event, ['Digit0', 'Numpad0']) },
  { id: 'done', places: ['popup'], group: 'calls', keys: ['Enter'], text: m.keys_done, codes: ['Enter', 'NumpadEnter'] },
  { id: 'pick', places: ['popup'], group: 'calls', keys: ['1–9'], text: m.keys_pick, is: (event) => plain(event) && !event.shiftKey && digitOf(event) !== null },
  { id: 'write', places: ['popup'], group: 'calls', keys: ['A–Я', '/'], text: m.keys_write, is: (event) => plain(event) && !isWriting(event) && /^[\p{L}/]$/u.test(event.key) },
  { id: 'call', places: ['dial'], group: 'calls', keys: ['Enter'], text: m.keys_call, codes: ['Enter', 'NumpadEnter'] },
  { id: 'move', places: ALL, group: 'lists', keys: ['↑', '↓'], text: m.keys_move, codes: ['ArrowUp', 'ArrowDown'] },
  { id: 'ends', places: ['workspace'], group: 'lists', keys: ['Home', 'End'], text: m.keys_ends, codes: ['Home', 'End'] },
  { id: 'screens', places: ['workspace'], group: 'lists', keys: ['PageUp', 'PageDown'], text: m.keys_screens, codes: ['PageUp', 'PageDown'] },
  { id: 'moveColumn', places: ['workspace'], group: 'lists', keys: ['Alt ←', 'Alt →'], text: m.keys_move_column, codes: ['ArrowLeft', 'ArrowRight'] },
  { id: 'resizeColumn', places: ['workspace'], group: 'lists', keys: ['Shift ←', 'Shift →'], text: m.keys_resize_column, codes: ['ArrowLeft', 'ArrowRight'] },
  { id: 'open', places: ['workspace'], group: 'lists', keys: ['Enter'], text: m.keys_open, codes: ['Enter', 'NumpadEnter'] },
  { id: 'menu', places: ALL, group: 'lists', keys: ['Shift F10'], text: m.keys_menu, codes: ['F10', 'ContextMenu', 'Tab'] },
  { id: 'close', places: ALL, group: 'everywhere', keys: ['Esc'], text: m.keys_close, codes: ['Escape'] },
  {
    id: 'send',
    places: ['workspace'],
    group: 'writing',
    keys: ['Ctrl Enter'],
    text: m.keys_send,
    is: (event) => isCommand(event, 'Enter') || isCommand(event, 'NumpadEnter'),
  },
  { id: 'hotkeyOff', places: ['workspace'], group: 'writing', keys: ['Backspace'], text: m.keys_hotkey_off, codes: ['Backspace', 'Delete'] },
  { id: 'phrase', places: ['workspace', 'popup'], group: 'writing', keys: ['/'], text: m.keys_phrase, codes: ['Enter', 'Tab'] },
] as const satisfies readonly Shortcut[]

/** Its name in the table. */
export type ShortcutId = (typeof TABLE)[number]['id']

export const SHORTCUTS: readonly Shortcut[] = TABLE

/** Whether this is pressed. */
export function pressed(event: KeyboardEvent, id: ShortcutId): boolean {
  return SHORTCUTS.find((shortcut) => shortcut.id === id)?.is?.(event) ?? false
}

/** A group, as it is listed. */
export interface Listed {
  title: string
  shortcuts: Pick<Shortcut, 'id' | 'keys' | 'text'>[]
}

/** What there is in a window, in groups. */
export function shortcutsOf(place: Place): Listed[] {
  const groups = Object.entries(GROUPS).map(([group, title]) => ({
    title: title(),
    shortcuts: SHORTCUTS.filter((shortcut) => shortcut.group === group && shortcut.places.includes(place)),
  }))
  return groups.filter(({ shortcuts }) => shortcuts.length > 0)
}

/** By its physical key or its sign. */
function isFilter(event: KeyboardEvent): boolean {
  return plain(event) && !isWriting(event) && ((event.code === 'Slash' && !event.shiftKey) || event.key === '/')
}

/** Larger and smaller also with Shift, which makes `+` of `=`. */
function isZoom(event: KeyboardEvent, codes: string[]): boolean {
  return codes.some((code) => isCommand(event, code) || isShiftCommand(event, code))
}
