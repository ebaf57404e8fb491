/** Addresses of plain HTTP: what is sent there can be read on the way. The back end holds the rule; here it is shown while one types. */

/** Scheme, host and port of an address, which is https where it does not say; the text itself where it is none. */
export function originOf(address: string): string {
  return parsed(address)?.origin ?? address.trim()
}

/** Whether what is sent there crosses a network unencrypted; what is written as this computer's own address does not leave it. */
export function isOpen(address: string): boolean {
  const url = parsed(address)
  return url?.protocol === 'http:' && url.hostname !== 'localhost' && url.hostname !== '[::1]' && !/^127\.\d+\.\d+\.\d+$/.test(url.hostname)
}

/** The same place over TLS: Asterisk listens for it one port further. */
export function encrypted(address: string): string {
  const url = parsed(address)
  if (url === null) return address
  const port = url.port === '8088' ? ':8089' : url.port === '' ? '' : `:${url.port}`
  const path = url.pathname === '/' ? '' : url.pathname
  return `https://${url.hostname}${port}${path}`
}

function parsed(address: string): URL | null {
  const text = address.trim()
  const full = text.includes('://') ? text : `https://${text}`
  return URL.canParse(full) ? new URL(full) : null
}
