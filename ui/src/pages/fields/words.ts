/** What formats and fields are called, and their glyphs. */
import type { LucideIcon } from '@lucide/svelte'
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import List from '@lucide/svelte/icons/list'
import Sigma from '@lucide/svelte/icons/sigma'
import SquareCheck from '@lucide/svelte/icons/square-check'
import Heading from '@lucide/svelte/icons/heading'
import TextAlignStart from '@lucide/svelte/icons/text-align-start'
import Type from '@lucide/svelte/icons/type'
import type { DataField, FieldColor, FieldFormat } from '$lib/backend'
import { listed } from '$lib/bidi'
import { computedName } from '$lib/fields'
import { m } from '$lib/m'

/** In the order of the format cards. */
export const FORMATS: FieldFormat[] = ['text', 'area', 'checkbox', 'list', 'date']

const LOOKS: Record<FieldFormat, { icon: LucideIcon; text: () => string }> = {
  text: { icon: Type, text: m.fields_format_text },
  area: { icon: TextAlignStart, text: m.fields_format_area },
  checkbox: { icon: SquareCheck, text: m.fields_format_checkbox },
  list: { icon: List, text: m.fields_format_list },
  date: { icon: CalendarDays, text: m.fields_format_date },
}

const BUILT_IN: Record<string, () => string> = {
  name: m.common_full_name,
  email: m.common_email,
  company: m.common_company,
  position: m.common_position,
  note: m.common_note,
}

export function formatIcon(field: Pick<DataField, 'format'> & Partial<Pick<DataField, 'state'>>): LucideIcon {
  if (field.state === 'computed') return Sigma
  return field.state === 'section' ? Heading : LOOKS[field.format].icon
}

export function formatText(format: FieldFormat): string {
  return LOOKS[format].text()
}

/** The column «Формат»: built-in fields have none of the five. */
export function kindText(field: DataField): string {
  if (field.state === 'section') return m.fields_section()
  if (field.state === 'computed') return m.fields_computed()
  return field.state === 'builtIn' ? m.fields_built_in() : formatText(field.format)
}

/** In the order of the choice. */
export const COLORS: FieldColor[] = ['green', 'amber', 'red', 'blue', 'grey']

const COLOR_WORDS: Record<FieldColor, () => string> = {
  green: m.fields_color_green,
  amber: m.fields_color_amber,
  red: m.fields_color_red,
  blue: m.fields_color_blue,
  grey: m.fields_color_grey,
}

export function colorText(color: FieldColor): string {
  return COLOR_WORDS[color]()
}

/** When the popup shows it, where that is not always and for all calls. */
export function whenText(field: DataField): string {
  return listed([field.lines.length === 0 ? '' : m.fields_when_lines({ lines: listed(field.lines, ', ') }), field.always && field.state !== 'computed' ? m.fields_when_always() : ''])
}

export function fieldTitle(field: Pick<DataField, 'id' | 'title'>): string {
  return field.title || (BUILT_IN[field.id]?.() ?? computedName(field.id) ?? field.id)
}
