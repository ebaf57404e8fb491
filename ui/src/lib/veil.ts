/** «Скрыть личное» for what a window has whole and shows itself; most comes hidden already (`shown/veil.rs`). */
import { isolated } from './bidi'
import { desk } from './desk.svelte'

/** As a hidden window shows it: a name's first letter, a number's last two digits, nothing else. */
export function veiled(text: string): string {
  if (/^[\d\s()+–-]+(,.*)?$/u.test(text)) return `••• ${text.replaceAll(/\D/g, '').slice(-2)}`
  const first = [...text.trim()][0]
  return first === undefined ? '' : isolated(`${first}•••`)
}

/** As it may be shown now. */
export function personal(text: string): string {
  return desk.view.private ? veiled(text) : text
}
