/** How popup and dial window look: they may not read the settings, which may change while they are hidden. */
import { backend } from './backend'
import { setLanguage, setTheme } from './i18n.svelte'

export async function takeLooks(): Promise<void> {
  const { language, theme } = await backend().appearance()
  setLanguage(language)
  setTheme(theme)
}
