/** The form over a user while it is open: what was there, what is typed, what is wrong, and what would be sent (S05, S14). */
import type { CommandError, FieldOption, UserChanges, UserForm } from '$lib/backend'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'
import { check, readDate, writeDate, type InputFormat } from './check'

type BuiltIn = 'name' | 'email' | 'company' | 'position' | 'note'

export interface Input {
  id: string
  title: string
  format: InputFormat
  options: FieldOption[]
}

/** What was typed, by field. */
export type Typed = Record<string, string>

export class FormDraft {
  readonly inputs: Input[]
  values = $state<Typed>({})
  errors = $state<Record<string, string | null>>({})
  /** Why the whole was refused. */
  problem = $state<string | null>(null)
  #before: Typed

  constructor(form: UserForm) {
    this.inputs = inputsOf(form)
    this.#before = Object.fromEntries(this.inputs.map((input) => [input.id, valueOf(input, form)]))
    this.values = { ...this.#before }
  }

  get dirty(): boolean {
    return this.inputs.some((input) => this.#changed(input))
  }

  /** What was typed and not sent, to be found again when the form opens anew. */
  get typed(): Typed {
    return Object.fromEntries(this.inputs.filter((input) => this.#changed(input)).map(({ id }) => [id, this.values[id] ?? '']))
  }

  restore(typed: Typed): void {
    for (const { id } of this.inputs) this.values[id] = typed[id] ?? this.values[id] ?? ''
  }

  /** Whether everything typed can be sent; what cannot is said at its field. */
  validate(): boolean {
    for (const input of this.inputs) this.errors[input.id] = this.#changed(input) ? check(input.format, this.values[input.id] ?? '') : null
    return Object.values(this.errors).every((error) => error === null)
  }

  /** A field that was wrong is looked at again while it is mended. */
  recheck(input: Input): void {
    if (this.errors[input.id]) this.errors[input.id] = check(input.format, this.values[input.id] ?? '')
  }

  /** Only what differs. */
  changes(): UserChanges {
    const builtIn = (id: BuiltIn) => {
      const input = this.inputs.find((input) => input.id === id)
      return input !== undefined && this.#changed(input) ? this.#plain(input) : null
    }
    return {
      name: builtIn('name'),
      email: builtIn('email'),
      company: builtIn('company'),
      position: builtIn('position'),
      note: builtIn('note'),
      fields: this.inputs
        .filter((input) => !isBuiltIn(input.id) && this.#changed(input))
        .map((input) => ({ field: input.id, value: this.#plain(input) })),
    }
  }

  /** Says a refusal: at its field when it names one. */
  refuse(error: CommandError): void {
    const about = this.inputs.find((input) => input.id === error.about)
    if (error.trouble === 'badSetting' && about !== undefined) this.errors[about.id] = m.user_value_refused()
    else this.problem = m.user_refused({ reason: troubleText(error.trouble) })
  }

  #changed(input: Input): boolean {
    return this.#plain(input) !== plain(input, this.#before[input.id] ?? '')
  }

  #plain(input: Input): string {
    return plain(input, this.values[input.id] ?? '')
  }
}

/** As Omnidesk takes it: trimmed, a date as `2027-03-31`. */
function plain(input: Input, value: string): string {
  const text = value.trim()
  return input.format === 'date' ? (readDate(text) ?? text) : text
}

function inputsOf(form: UserForm): Input[] {
  const line = (id: BuiltIn, title: string, format: InputFormat = 'text'): Input => ({ id, title, format, options: [] })
  return [
    line('name', m.common_full_name()),
    line('email', m.common_email(), 'email'),
    line('company', m.common_company()),
    line('position', m.common_position()),
    ...form.fields.filter((field) => field.state === 'bound').map((field) => listed(field, form)),
    line('note', m.common_note(), 'area'),
  ]
}

/** A value that the list no longer has stays choosable: opening the form must not lose it. */
function listed({ id, title, format, options }: Input, { values, user }: UserForm): Input {
  const value = values.fields.find((field) => field.field === id)?.value ?? ''
  if (format !== 'list' || value === '' || options.some((option) => option.key === value)) return { id, title, format, options }
  const shown = user?.fields.find((field) => field.field === id)?.value ?? value
  return { id, title, format, options: [...options, { key: value, title: shown, color: null }] }
}

function valueOf({ id, format }: Input, { values }: UserForm): string {
  if (isBuiltIn(id)) return values[id] ?? ''
  const stored = values.fields.find((field) => field.field === id)?.value ?? ''
  if (format === 'checkbox') return stored === 'true' ? 'true' : 'false'
  return format === 'date' ? writeDate(stored) : stored
}

function isBuiltIn(id: string): id is BuiltIn {
  return ['name', 'email', 'company', 'position', 'note'].includes(id)
}

/** Forms that went away with the page (a call was answered meanwhile): what was typed waits here. */
const unsent = new Map<string, Typed>()

export function keepUnsent(key: string, typed: Typed | null): void {
  if (typed === null || Object.keys(typed).length === 0) unsent.delete(key)
  else unsent.set(key, typed)
}

export function unsentOf(key: string): Typed | null {
  return unsent.get(key) ?? null
}

/** Whether such a form waits. */
export function hasUnsent(): boolean {
  return unsent.size > 0
}
