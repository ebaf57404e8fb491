/** A text as a file of this computer, where the webview saves its downloads; a long one comes in parts. */
export function saveText(name: string, text: string | string[], type = 'application/json'): void {
  const address = URL.createObjectURL(new Blob(typeof text === 'string' ? [text] : text, { type }))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  URL.revokeObjectURL(address)
}

/** The type of {@link saveText} for a table. */
export const CSV_TYPE = 'text/csv;charset=utf-8'
