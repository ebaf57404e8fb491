/** What may be done with the list of data fields. Pure: lists and drafts in, lists and complaints out. */
import type { DataField, FieldFormat } from '$lib/backend'
import { fieldTitle } from './words'

export const MAX_TITLE = 100
export const MAX_VALUE = 100
export const MAX_VALUES = 100

/** At most this many lines in a condition, and headings. */
export const MAX_LINES = 20
export const MAX_SECTIONS = 20

/** These stand first in every popup, in this order: the name in large type, then how to reach the person. */
const HEAD = ['name', 'email', 'company']

/** A field being defined. */
export interface NewField {
  format: FieldFormat
  title: string
  values: string[]
  incoming: boolean
}

export interface Complaints {
  title: 'empty' | 'long' | 'taken' | null
  values: { what: 'none' | 'long' | 'twice' | 'many'; at: number } | null
}

/** What stands in the way of a new field. */
export function complaints(draft: NewField, fields: DataField[]): Complaints {
  return { title: titleComplaint(tidy(draft.title), fields), values: draft.format === 'list' ? valuesComplaint(draft.values.map(tidy)) : null }
}

export function isFine(found: Complaints): boolean {
  return found.title === null && found.values === null
}

/** The field as it is kept until Omnidesk has it. */
export function awaited(draft: NewField, fields: DataField[]): DataField {
  return {
    id: freeId(fields, 'new'),
    title: tidy(draft.title),
    format: draft.format,
    options: draft.format === 'list' ? valuesOf(draft).map((title) => ({ key: '', title, color: null })) : [],
    incoming: draft.incoming,
    state: 'awaited',
    always: false,
    lines: [],
    became: null,
  }
}

/** The list with a new heading under the fields that keep their place. */
export function withSection(fields: DataField[], title: string): DataField[] {
  const head = headLength(fields)
  const section: DataField = {
    id: freeId(fields, 'section'),
    title: tidy(title),
    format: 'text',
    options: [],
    incoming: true,
    state: 'section',
    always: false,
    lines: [],
    became: null,
  }
  return [...fields.slice(0, head), section, ...fields.slice(head)]
}

export function changed(fields: DataField[], id: string, part: Partial<DataField>): DataField[] {
  return fields.map((field) => (field.id === id ? { ...field, ...part } : field))
}

/** A field whose format changed in Omnidesk, as it is there now. */
export function accepted(fields: DataField[], id: string): DataField[] {
  return fields.map((field) => {
    if (field.id !== id || field.became === null) return field
    const options = field.became === 'list' ? field.options : field.options.map((option) => ({ ...option, color: null }))
    return { ...field, format: field.became, became: null, state: 'bound', options }
  })
}

/** What is wrong with a heading. */
export function sectionComplaint(title: string): 'empty' | 'long' | null {
  if (tidy(title) === '') return 'empty'
  return [...tidy(title)].length > MAX_TITLE ? 'long' : null
}

/** The lines of a condition as they are typed, one below the other. */
export function linesOf(text: string): string[] {
  return text.split('\n').map(tidy).filter((line) => line !== '')
}

export function linesComplaint(lines: string[]): 'many' | 'long' | 'twice' | null {
  if (lines.length > MAX_LINES) return 'many'
  if (lines.some((line) => [...line].length > MAX_TITLE)) return 'long'
  return lines.some((line, i) => lines.findIndex((other) => same(other, line)) < i) ? 'twice' : null
}

/** The values that were filled in. */
export function valuesOf(draft: NewField): string[] {
  return draft.values.map(tidy).filter((value) => value !== '')
}

/** How many fields at the top keep their place. */
export function headLength(fields: DataField[]): number {
  const end = fields.findIndex((field, i) => field.id !== HEAD[i])
  return end === -1 ? fields.length : end
}

/** The list with one field elsewhere; the head stays where it is. */
export function moved(fields: DataField[], id: string, to: number): DataField[] {
  const head = headLength(fields)
  const from = fields.findIndex((field) => field.id === id)
  const field = fields[from]
  const place = Math.min(fields.length - 1, Math.max(head, to))
  if (field === undefined || from < head || place === from) return fields
  const rest = fields.filter((other) => other !== field)
  return [...rest.slice(0, place), field, ...rest.slice(place)]
}

export function ticked(fields: DataField[], id: string, incoming: boolean): DataField[] {
  return fields.map((field) => (field.id === id ? { ...field, incoming } : field))
}

/** Only what Omnidesk does not have, or not so, can go; a field of Omnidesk is merely unticked. */
export function canRemove(field: DataField): boolean {
  return field.state === 'awaited' || field.state === 'missing' || field.state === 'changed' || field.state === 'section'
}

export function without(fields: DataField[], id: string): DataField[] {
  return fields.filter((field) => field.id !== id || !canRemove(field))
}

function titleComplaint(title: string, fields: DataField[]): Complaints['title'] {
  if (title === '') return 'empty'
  if ([...title].length > MAX_TITLE) return 'long'
  return fields.some((field) => same(fieldTitle(field), title)) ? 'taken' : null
}

function valuesComplaint(values: string[]): Complaints['values'] {
  const first = (isWrong: (value: string, i: number) => boolean) => values.findIndex((value, i) => value !== '' && isWrong(value, i))
  const found = [
    { what: 'none', at: values.every((value) => value === '') ? 0 : -1 },
    { what: 'many', at: first((_, i) => values.slice(0, i).filter((value) => value !== '').length >= MAX_VALUES) },
    { what: 'long', at: first((value) => [...value].length > MAX_VALUE) },
    { what: 'twice', at: first((value, i) => values.findIndex((other) => same(other, value)) < i) },
  ] as const
  return found.find(({ at }) => at !== -1) ?? null
}

function freeId(fields: DataField[], kind: 'new' | 'section'): string {
  const taken = fields.map((field) => Number(new RegExp(`^${kind}_(\\d+)$`).exec(field.id)?.[1] ?? 0))
  return `${kind}_${Math.max(0, ...taken) + 1}`
}

function tidy(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function same(a: string, b: string): boolean {
  return tidy(a).toLocaleLowerCase() === tidy(b).toLocaleLowerCase()
}
