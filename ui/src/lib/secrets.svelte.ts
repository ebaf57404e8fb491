/** Where secrets are kept (D4), as the settings last said; the banner warns about environment variables. */
import type { SecretsView } from './backend'

export const secretsPlace = $state<{ current: SecretsView | null }>({ current: null })
