/** What is said of a number before it is dialled, or of one that is not dialled at all. */
import type { Caution, DoubtView } from './backend'
import { language } from './i18n.svelte'
import { m } from './m'

/** The reason in a few words. */
export function cautionTitle({ doubt, country }: Caution): string {
  switch (doubt) {
    case 'emergency':
      return m.caution_emergency()
    case 'serviceCode':
      return m.caution_code()
    case 'premium':
      return m.caution_premium()
    case 'satellite':
      return m.caution_satellite()
    case 'sharedCost':
      return m.caution_shared()
    case 'notTheCaller':
      return m.caution_not_the_caller()
    case 'oneRing':
      return m.caution_one_ring()
    case 'foreign':
      return country === null ? m.caution_foreign() : m.caution_foreign_to({ country: countryName(country) })
  }
}

const TEXTS: Record<DoubtView, (words: { number: string }) => string> = {
  emergency: m.caution_emergency_text,
  serviceCode: m.caution_code_text,
  premium: m.caution_premium_text,
  satellite: m.caution_satellite_text,
  sharedCost: m.caution_shared_text,
  notTheCaller: m.caution_not_the_caller_text,
  oneRing: m.caution_one_ring_text,
  foreign: m.caution_foreign_text,
}

/** What it means, with the number that would be dialled. */
export function cautionText({ doubt, number }: Caution): string {
  return TEXTS[doubt]({ number })
}

/** What the button says that dials all the same. */
export function agreeText({ doubt }: Caution): string {
  return doubt === 'emergency' ? m.caution_call_emergency() : m.caution_call()
}

/** The office does not call such numbers. */
export function neverText(caution: Caution): string {
  return m.caution_never({ title: cautionTitle(caution) })
}

/** A country by its code, in the window's language; the code itself where it is none. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return new Intl.DisplayNames([language()], { type: 'region' }).of(code) ?? code
}
