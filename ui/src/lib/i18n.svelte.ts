/**
 * The language of the windows. Messages come from `messages/<language>/<area>.json`; reading one inside a template
 * is reactive, so a change of language redraws the texts in place.
 */
import { overwriteGetLocale, type Locale } from './paraglide/runtime.js'

let locale = $state<Locale>('ru')

overwriteGetLocale(() => locale)

/** The language in use. */
export function language(): Locale {
  return locale
}

/** `ru`, `en`, or empty for the system's; Russian where the system speaks neither. */
export function setLanguage(wanted: string): void {
  locale = isLocale(wanted) ? wanted : systemLanguage()
  document.documentElement.lang = locale
}

/** `light`, `dark`, or empty for the system's. */
export function setTheme(wanted: string): void {
  if (wanted === 'light' || wanted === 'dark') document.documentElement.dataset.theme = wanted
  else delete document.documentElement.dataset.theme
}

/** The first of the system's languages that the windows speak; Russian where there is none. */
export function systemLanguage(): Locale {
  for (const tag of navigator.languages) {
    const primary = tag.slice(0, 2)
    if (isLocale(primary)) return primary
  }
  return 'ru'
}

function isLocale(text: string): text is Locale {
  return text === 'ru' || text === 'en'
}
