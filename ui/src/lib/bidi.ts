/**
 * Text from outside within a line of the windows. A name written from right to left would turn the signs and digits
 * beside it; between two marks it turns nothing but itself. Every parameter of a message passes through here
 * (`isolate-parameters.ts` at the build). The marks are for showing only: they are not copied, compared or sent.
 */

/** «First strong isolate»: what follows has a direction of its own. */
const FSI = '\u2068'
/** «Pop directional isolate»: here it ends. */
const PDI = '\u2069'

/** Letters written from right to left, and the marks that change the direction. Nothing else turns what is beside it. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** As it stands within a line. */
export function isolated(value: unknown): string {
  const text = String(value)
  return TURNS.test(text) ? FSI + closed(text) + PDI : text
}

/** Several in one line; each may be missing. */
export function listed(parts: readonly (string | null | undefined)[], between = ' · '): string {
  const there = parts.filter((part) => part !== null && part !== undefined && part !== '')
  // One alone is the whole line.
  return there.length === 1 ? String(there[0]) : there.map(isolated).join(between)
}

/** Without the marks. */
export function bare(text: string): string {
  return text.replaceAll(/[\u2068\u2069]/g, '')
}

/** What is copied out of the window by selecting it has no marks; text fields hold none. Returns how to stop. */
export function followCopies(): () => void {
  const copied = (event: ClipboardEvent) => {
    const text = document.getSelection()?.toString() ?? ''
    if (isField(event.target) || event.clipboardData === null || bare(text) === text) return
    event.clipboardData.setData('text/plain', bare(text))
    event.preventDefault()
  }
  document.addEventListener('copy', copied)
  return () => document.removeEventListener('copy', copied)
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}

/** A mark of its own neither ends ours early nor outlasts it. */
function closed(text: string): string {
  let open = 0
  let out = ''
  for (const char of text) {
    if (char === PDI && open === 0) continue
    if (char >= '\u2066' && char <= FSI) open += 1
    else if (char === PDI) open -= 1
    out += char
  }
  return out + PDI.repeat(open)
}
