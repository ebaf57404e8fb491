import { bare } from './bidi'

/** Puts text on the clipboard; false when the system refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(bare(text))
    return true
  } catch {
    return false
  }
}
