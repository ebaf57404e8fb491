/** What the popup says of this computer's disk: it must not promise what it cannot keep. */
import type { StorageView } from '$lib/backend'
import { m } from '$lib/m'

export interface DiskWords {
  title: string
  text: string
}

/** Nothing while all is well. */
export function diskWords({ fault, mendedAt }: StorageView): DiskWords | null {
  if (fault !== null) return { title: fault === 'full' ? m.popup_disk_full() : m.popup_disk(), text: m.popup_disk_text() }
  return mendedAt === null ? null : { title: m.popup_disk_back(), text: m.popup_disk_back_text() }
}
