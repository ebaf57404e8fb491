/** Settings with a few values each, as lists offer them. */
import { language } from '$lib/i18n.svelte'
import { m } from '$lib/m'

export interface Choice {
  value: string
  text: string
}

const COUNTRIES = ['RU', 'BY', 'KZ', 'KG', 'AM', 'GE', 'AZ', 'UZ', 'TJ', 'MD', 'RS', 'TR', 'AE', 'IL', 'DE', 'GB', 'US']

/** The same number, as PBXs expect it. */
export const DIAL_FORMATS: Choice[] = [
  { value: 'digits', text: '79161234567' },
  { value: 'plus', text: '+79161234567' },
  { value: 'eight', text: '89161234567' },
]

export function languages(): Choice[] {
  return [
    { value: '', text: m.settings_language_system() },
    { value: 'ru', text: 'Русский' },
    { value: 'en', text: 'English' },
  ]
}

/** By their names, with the one that is set although nobody thought of it. */
export function countries(set: string): Choice[] {
  const names = new Intl.DisplayNames([language()], { type: 'region' })
  const codes = COUNTRIES.includes(set) || set === '' ? COUNTRIES : [set, ...COUNTRIES]
  return codes.map((value) => ({ value, text: /^[A-Z]{2}$/.test(value) ? (names.of(value) ?? value) : value }))
}

export function textOf(choices: readonly Choice[], value: string): string {
  return choices.find((choice) => choice.value === value)?.text ?? value
}
