/** The columns of the list of calls (S26): which there are, in which order and how wide; the choice outlives the program. */
import { m } from '$lib/m'
import type { CallsSort } from '$lib/backend'

export type ColumnId = 'client' | 'phone' | 'direction' | 'line' | 'outcome' | 'duration' | 'case' | 'time' | 'recording' | 'sent'

interface Column {
  text: () => string
  /** Its width unless it was changed, px; null takes what is left. */
  width: number | null
  /** It is there unless it was taken away. */
  usual: boolean
  /** Shows a glyph alone: its heading is for screen readers. */
  glyph?: boolean
  sort?: CallsSort
}

export const COLUMNS: Record<ColumnId, Column> = {
  client: { text: m.calls_col_client, width: null, usual: true, sort: 'name' },
  phone: { text: m.calls_col_phone, width: 152, usual: true, sort: 'phone' },
  direction: { text: m.calls_col_direction, width: 116, usual: false },
  line: { text: m.calls_col_line, width: 132, usual: false, sort: 'line' },
  outcome: { text: m.calls_col_outcome, width: 148, usual: true },
  duration: { text: m.calls_col_duration, width: 96, usual: false, sort: 'talk' },
  case: { text: m.calls_col_case, width: 176, usual: true, sort: 'case' },
  time: { text: m.calls_col_time, width: 80, usual: true, sort: 'time' },
  recording: { text: m.calls_col_recording, width: 40, usual: false, glyph: true },
  sent: { text: m.calls_col_sent, width: 36, usual: true, glyph: true },
}

const ALL = Object.keys(COLUMNS) as ColumnId[]
const KEY = 'calls.columns'
/** The narrowest and the widest, px. */
const LEAST = 36
const MOST = 480
/** By one press of a key, px. */
export const STEP = 16

interface Kept {
  order: ColumnId[]
  hidden: ColumnId[]
  widths: Partial<Record<ColumnId, number>>
}

const isColumn = (id: unknown): id is ColumnId => typeof id === 'string' && Object.hasOwn(COLUMNS, id)

/** What of a kept choice makes sense; columns that it does not know come where they usually are. */
export function readKept(text: string | null): Kept {
  let kept: Partial<Record<keyof Kept, unknown>> = {}
  try {
    const parsed: unknown = JSON.parse(text ?? '')
    if (typeof parsed === 'object' && parsed !== null) kept = parsed
  } catch {
    // None, or not ours: as usual.
  }
  const list = (value: unknown) => (Array.isArray(value) ? [...new Set(value.filter(isColumn))] : null)
  const order = list(kept.order) ?? []
  for (const [place, id] of ALL.entries()) if (!order.includes(id)) order.splice(Math.min(place, order.length), 0, id)
  const widths: Kept['widths'] = {}
  if (typeof kept.widths === 'object' && kept.widths !== null) {
    for (const [id, width] of Object.entries(kept.widths)) if (isColumn(id) && typeof width === 'number' && width >= LEAST && width <= MOST) widths[id] = width
  }
  const hidden = list(kept.hidden) ?? ALL.filter((id) => !COLUMNS[id].usual)
  return { order, hidden: hidden.filter((id) => id !== 'client'), widths }
}

class Columns {
  #kept = $state.raw<Kept>(readKept(localStorage.getItem(KEY)))

  /** All of them, in their order. */
  get all(): ColumnId[] {
    return this.#kept.order
  }

  get shown(): ColumnId[] {
    return this.#kept.order.filter((id) => this.isShown(id))
  }

  isShown(id: ColumnId): boolean {
    return !this.#kept.hidden.includes(id)
  }

  /** px; null takes what is left. */
  width(id: ColumnId): number | null {
    return this.#kept.widths[id] ?? COLUMNS[id].width
  }

  /** Who it is about is always there. */
  toggle(id: ColumnId): void {
    if (id === 'client') return
    const { hidden } = this.#kept
    this.#keep({ hidden: hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id] })
  }

  resize(id: ColumnId, width: number): void {
    this.#keep({ widths: { ...this.#kept.widths, [id]: Math.round(Math.min(MOST, Math.max(LEAST, width))) } })
  }

  /** Takes the place of another one, which goes aside. */
  move(id: ColumnId, to: ColumnId): void {
    const place = this.#kept.order.indexOf(to)
    const order = this.#kept.order.filter((one) => one !== id)
    order.splice(place, 0, id)
    this.#keep({ order })
  }

  /** One place on among those that are shown. */
  step(id: ColumnId, by: -1 | 1): void {
    const to = this.shown[this.shown.indexOf(id) + by]
    if (to !== undefined) this.move(id, to)
  }

  /** As they usually are. */
  reset(): void {
    this.#kept = readKept(null)
    localStorage.removeItem(KEY)
  }

  #keep(part: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...part }
    localStorage.setItem(KEY, JSON.stringify(this.#kept))
  }
}

export const columns = new Columns()
