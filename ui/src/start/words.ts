/** Why the program could not start, and what a person can do about it. */
import type { StartFault } from '$lib/backend'
import { m } from '$lib/m'

export interface Wording {
  title: string
  advice: string
}

const WORDS: Record<StartFault, readonly [title: () => string, advice: () => string]> = {
  notAFolder: [m.start_not_a_folder, m.start_not_a_folder_advice],
  readOnly: [m.start_read_only, m.start_read_only_advice],
  foreign: [m.start_foreign, m.start_foreign_advice],
  full: [m.start_full, m.start_full_advice],
  newer: [m.start_newer, m.start_newer_advice],
  damaged: [m.start_damaged, m.start_damaged_advice],
  inUse: [m.start_in_use, m.start_in_use_advice],
  noWindows: [m.start_no_windows, m.start_no_windows_advice],
  other: [m.start_other, m.start_other_advice],
}

export function wording(fault: StartFault): Wording {
  const [title, advice] = WORDS[fault]
  return { title: title(), advice: advice() }
}
