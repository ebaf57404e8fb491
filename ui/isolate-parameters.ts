/** Every parameter of a compiled message passes through `isolated` (src/lib/bidi.ts): no call can forget it. */
import type { Plugin } from 'vite'

const MESSAGES = /\/src\/lib\/paraglide\/messages\/[^/]+\.js$/

/** How the compiler writes a parameter into a text. */
const PARAMETER = /\$\{(i\?\.\w+)\}/g

export function withIsolates(code: string): string {
  const text = code.replaceAll(PARAMETER, '${isolated($1)}')
  return text === code ? code : `import { isolated } from '$lib/bidi'\n${text}`
}

export function isolateParameters(): Plugin {
  return {
    name: 'isolate-parameters',
    transform: (code, id) => (MESSAGES.test(id) ? { code: withIsolates(code), map: null } : null),
  }
}
