/**
 * The list of calls as the back end has it, page by page: what is in sight is asked for, and a little of what was. One question is
 * on its way at a time. With each change of the state the pages in sight are asked for anew, and stand until the answer comes.
 */
import { asked } from '$lib/asked'
import { backend, type CallsCount, type CallsQuery, type CallView, type CommandError } from '$lib/backend'

/** Which calls, and in which order. */
export type Wanted = Omit<CallsQuery, 'at' | 'count' | 'counted' | 'apart'>

/** Rows of a page. */
export const PAGE = 100
/** So many pages are kept. */
const KEPT = 12

export class History {
  /** The rows that are here, by their place. */
  rows = $state.raw<ReadonlyMap<number, CallView[]>>(new Map())
  /** Nothing before the first answer. */
  counted = $state.raw<CallsCount | null>(null)
  error = $state.raw<CommandError | null>(null)
  /** For which wish the rows are that are here. */
  answered = $state.raw('')
  #wanted: Wanted | null = null
  #key = ''
  #first = 0
  #last = 0
  #held: number | null = null
  /** Pages that are as the file is, as far as is known. */
  #fresh = new Set<number>()
  #isCounted = false
  #asking = false

  get total(): number {
    return this.counted?.days.reduce((sum, day) => sum + day.calls, 0) ?? 0
  }

  /** Others are wanted, or the same in another order. What is here stands until the answer comes. */
  show(wanted: Wanted): void {
    const key = JSON.stringify(wanted)
    if (key === this.#key) return
    this.#key = key
    this.#wanted = wanted
    this.refresh()
  }

  /** Something has changed. */
  refresh(): void {
    this.#fresh.clear()
    this.#isCounted = false
    void this.#ask()
  }

  /** Forgets everything (tests). */
  reset(): void {
    this.#wanted = null
    this.#key = this.answered = ''
    this.rows = new Map()
    this.counted = this.error = null
    this.#fresh.clear()
    this.#first = this.#last = 0
    this.#held = null
  }

  /** These rows are in sight; and one has the keyboard, wherever it is. */
  look(first: number, last: number, held: number | null): void {
    this.#first = first
    this.#last = last
    this.#held = held
    void this.#ask()
  }

  /** Where a call stands, as far as it is here. */
  placeOf(id: string): number | null {
    for (const [place, calls] of this.rows) if (calls.some((call) => call.id === id)) return place
    return null
  }

  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      for (let page = this.#next(); page !== null; page = this.#next()) if (!(await this.#take(page))) return
    } finally {
      this.#asking = false
    }
  }

  #next(): number | null {
    if (this.#wanted === null) return null
    const [first, last] = [Math.floor(this.#first / PAGE), Math.floor(this.#last / PAGE)]
    if (!this.#isCounted) return first
    const held = this.#held === null ? [] : [Math.floor(this.#held / PAGE)]
    const wanted = [...Array.from({ length: last - first + 1 }, (_, i) => first + i), ...held]
    return wanted.find((page) => page * PAGE < this.total && !this.#fresh.has(page)) ?? null
  }

  /** Whether there is any use in asking on. */
  async #take(page: number): Promise<boolean> {
    const [wanted, key, counts] = [this.#wanted!, this.#key, !this.#isCounted]
    // What changes from here on is asked for again.
    this.#fresh.add(page)
    if (counts) this.#isCounted = true
    const answer = await asked(() => backend().callList({ ...wanted, at: page * PAGE, count: PAGE, counted: counts, apart: false }))
    if (key !== this.#key) return true
    if (answer.status === 'error') {
      this.error = answer.error
      this.#fresh.delete(page)
      return false
    }
    this.error = null
    const { rows, counted } = answer.data
    if (counted !== null) this.counted = counted
    // Those of another wish are not among these.
    if (this.answered !== key) this.rows = new Map()
    this.answered = key
    this.rows = new Map([...this.#kept(page), ...rows.map((row, i) => [page * PAGE + i, row] as const)])
    return true
  }

  /** What stays beside a page that has come: the pages near those in sight, and nothing behind the end. */
  #kept(page: number): [number, CallView[]][] {
    const held = Math.floor((this.#held ?? -PAGE) / PAGE)
    const near = (place: number) => Math.abs(place - this.#first) < (KEPT * PAGE) / 2 || Math.floor(place / PAGE) === held
    return [...this.rows].filter(([place]) => Math.floor(place / PAGE) !== page && near(place) && place < this.total)
  }
}
