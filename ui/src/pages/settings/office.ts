/** The office's settings in words: what stands, what is wrong, what a value says. */
import type { CommandError, FieldColor, OfficeFault, OfficeLine, OfficeRow, OfficeTrouble, OfficeView } from '$lib/backend'
import { computedName } from '$lib/fields'
import { moment } from '$lib/format'
import { language } from '$lib/i18n.svelte'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'
import { COLORS, colorText } from '../fields/words'

const KEYS: Record<string, () => string> = {
  fields: m.office_key_fields,
  phrases: m.office_key_phrases,
  labels: m.office_key_labels,
  workingHours: m.office_key_working_hours,
  dialPolicy: m.office_key_dial_policy,
  channel: m.office_key_channel,
  callIdField: m.office_key_call_id,
  claimField: m.office_key_claim,
  several: m.office_key_several,
  unansweredOutgoingCases: m.office_key_unanswered,
}

/** What people call a setting; one that no screen has keeps its name. */
export function keyText(key: string): string {
  return KEYS[key]?.() ?? key
}

const FAULTS: Record<OfficeFault, (key: string, reason: string) => string> = {
  notOne: () => m.office_wrong_not_one(),
  tooLong: () => m.office_wrong_too_long(),
  cut: () => m.office_wrong_cut(),
  newer: () => m.office_wrong_newer(),
  secret: () => m.office_wrong_secret(),
  notPublishable: (key) => m.office_wrong_not_publishable({ key }),
  bad: (key) => m.office_wrong_bad({ key }),
  records: () => m.office_wrong_records(),
  gone: () => m.office_wrong_gone(),
  unread: (_, reason) => m.office_wrong_unread({ reason }),
}

/** What was wrong with what is published. */
export function wrongText({ fault, key, trouble }: OfficeTrouble): string {
  return FAULTS[fault](keyText(key ?? ''), troubleText(trouble ?? 'other'))
}

/** Why something was not published. */
export function refusalText({ trouble, about }: CommandError): string {
  if (trouble === 'refused' && about === 'published') return m.office_conflict()
  if (trouble === 'refused' && about === 'records') return m.office_conflict_records()
  if (trouble === 'refused' && about === 'cut') return m.office_cut()
  if (trouble === 'refused' && about === 'tooLarge') return m.office_too_large()
  if (trouble === 'badSetting' && about === 'tooLong') return m.office_too_long()
  if (trouble === 'badSetting' && about !== null) return m.office_bad({ key: keyText(about) })
  return m.office_not_published({ reason: troubleText(trouble) })
}

/** «Версия 12, Анна Литвинова, 14:05». */
export function versionText({ number, author, at }: { number: number; author: string; at: number }): string {
  return m.office_stands({ number, author, at: moment(at) })
}

/** A Monday. */
const MONDAY = Date.UTC(2026, 10, 30)

const BUILT_IN: Record<string, () => string> = {
  name: m.common_full_name,
  email: m.common_email,
  company: m.common_company,
  position: m.common_position,
  note: m.common_note,
}
const KINDS: Record<string, () => string> = { foreign: m.office_foreign, premium: m.office_premium, satellite: m.office_satellite, sharedCost: m.office_shared }
const PERMITS: Record<string, () => string> = { allow: m.office_allow, ask: m.office_ask, never: m.office_deny }

/** What is said of a field: a code, behind which a text of the office may stand. */
function fieldText(said: string): string {
  const [code = '', ...rest] = said.split(' ')
  const text = rest.join(' ')
  switch (code) {
    case 'shown':
      return m.office_shown()
    case 'hidden':
      return m.office_hidden()
    case 'always':
      return m.fields_when_always()
    case 'section':
      return m.office_section()
    case 'line':
      return m.office_line({ line: text })
    default:
      return isColor(code) ? `${text}, ${colorText(code)}` : said
  }
}

function isColor(code: string): code is FieldColor {
  return COLORS.some((color) => color === code)
}

function lineText(key: string, { name, text }: OfficeLine): string {
  switch (key) {
    case 'fields':
      return `${BUILT_IN[name]?.() ?? computedName(name) ?? name}: ${fieldText(text)}`
    case 'workingHours': {
      const day = new Intl.DateTimeFormat(language() === 'ru' ? 'ru-RU' : 'en-GB', { weekday: 'short', timeZone: 'UTC' }).format(MONDAY + Number(name) * 86_400_000)
      return `${day} ${text === '' ? m.office_day_off() : text}`
    }
    case 'dialPolicy':
      return `${KINDS[name]?.() ?? name}: ${PERMITS[text]?.() ?? text}`
    case 'several':
      return text === 'ask' ? m.office_several_ask() : m.office_several_newest()
    case 'unansweredOutgoingCases':
      return text === 'true' ? m.office_yes() : m.office_no()
    case 'phrases':
      return `${name}: ${text}`
    default:
      return text === '' ? m.office_default() : text
  }
}

/** A value as people read it, line by line. */
export function valueLines(key: string, lines: OfficeLine[]): string[] {
  if (lines.length > 0) return lines.map((line) => lineText(key, line))
  return [key === 'workingHours' ? m.office_always() : m.office_empty()]
}

/** Whether what holds here is what is published. */
export function isSame({ published, here }: OfficeRow): boolean {
  return JSON.stringify(published) === JSON.stringify(here)
}

/** What is ticked when the page opens: what is published; for a first publication, what somebody has set. */
export function firstTicks(view: OfficeView): string[] {
  const goesIn = (row: OfficeRow) => row.here !== null && (view.stands === null ? row.isSet : row.published !== null)
  return view.rows.filter(goesIn).map((row) => row.key)
}

/** Whether publishing these would change anything. */
export function changes(view: OfficeView, ticked: readonly string[], locked: readonly string[]): boolean {
  if (view.stands === null) return ticked.length > 0
  const { stands } = view
  const isChanged = (row: OfficeRow) => {
    const goesIn = ticked.includes(row.key)
    if (goesIn !== (row.published !== null)) return true
    return goesIn && (!isSame(row) || locked.includes(row.key) !== stands.locked.includes(row.key))
  }
  return view.rows.some(isChanged)
}
