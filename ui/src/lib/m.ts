/** All messages: `import { m } from '$lib/m'`, then `m.calls_title()`. */
export * as m from './paraglide/messages.js'
