/** What Ctrl C copies of a row: the number, or who it was where there is none. Text that is selected is copied as ever. */
import { callName } from '$lib/calls'
import { copyText } from '$lib/clipboard'
import { phone } from '$lib/format'
import type { Row } from './rows'

/** Whether it was this that was copied. */
export function copyRow({ call }: Row): boolean {
  if (document.getSelection()?.toString()) return false
  void copyText(call.number.kind === 'withheld' ? callName(call) : (call.number.e164 ?? phone(call.number)))
  return true
}
