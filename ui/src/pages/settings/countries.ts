/** Codes of countries as they are typed into one field. */

/** The codes of a text in capitals, each once, whatever stands between them. */
export function codesOf(text: string): string[] {
  return [...new Set(text.toUpperCase().split(/[^\p{L}\p{N}]+/u).filter((code) => code !== ''))]
}

/** Whether there is such a country: what the system has no name for is none. */
export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code)) return false
  return new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(code) !== undefined
}
