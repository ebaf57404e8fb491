/** What formats and fields are called, and their glyphs. */
import type { LucideIcon } from '@lucide/svelte'
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import List from '@lucide/svelte/icons/list'
import SquareCheck from '@lucide/svelte/icons/square-check'
import TextAlignStart from '@lucide/svelte/icons/text-align-start'
import Type from '@lucide/svelte/icons/type'
import type { DataField, FieldFormat } from '$lib/backend'
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

export function formatIcon(field: Pick<DataField, 'format'>): LucideIcon {
  return LOOKS[field.format].icon
}

export function formatText(format: FieldFormat): string {
  return LOOKS[format].text()
}

/** The column «Формат»: built-in fields have none of the five. */
export function kindText(field: DataField): string {
  return field.state === 'builtIn' ? m.fields_built_in() : formatText(field.format)
}

export function fieldTitle(field: Pick<DataField, 'id' | 'title'>): string {
  return field.title || (BUILT_IN[field.id]?.() ?? field.id)
}
