/** What the agent chose to see in the list of calls; it stays while the window lives. */
import type { CallsSort } from '$lib/backend'
import { History, type Wanted } from './history.svelte'
import type { Segment } from './rows'

/** More calls than the desk keeps: who looks at those that wait looks at all of them. */
const ALL = 1_000

/** From which day on. */
export type Period = 'all' | 'today' | 'week' | 'month'

/** Days before today that belong to it. */
const DAYS: Record<Exclude<Period, 'all'>, number> = { today: 0, week: 6, month: 29 }

/** Filters that are on or off. */
export type Only = 'notCalledBack' | 'mine' | 'withoutCase'

class CallList {
  segment = $state<Segment>('all')
  query = $state('')
  period = $state<Period>('all')
  line = $state<string | null>(null)
  #only = $state.raw<ReadonlySet<Only>>(new Set())
  sort = $state.raw<{ by: CallsSort; ascending: boolean }>({ by: 'time', ascending: false })
  /** The row that the keyboard is on. */
  selected = $state<string | null>(null)
  /** The row that tells more. */
  expanded = $state<string | null>(null)
  /** What of it is here. */
  readonly history = new History()

  toggle(row: string): void {
    this.expanded = this.expanded === row ? null : row
  }

  has(only: Only): boolean {
    return this.#only.has(only)
  }

  set(only: Only, on: boolean): void {
    const next = new Set(this.#only)
    if (on) next.add(only)
    else next.delete(only)
    this.#only = next
  }

  /** How many filters are on. */
  get filters(): number {
    return this.#only.size + (this.period === 'all' ? 0 : 1) + (this.line === null ? 0 : 1)
  }

  /** By a column: the other way round when it is by this one already. Times and lengths begin with the greatest. */
  sortBy(by: CallsSort): void {
    const ascending = by === this.sort.by ? !this.sort.ascending : by === 'name' || by === 'phone' || by === 'line'
    this.sort = { by, ascending }
  }

  /** What the back end is asked for; `now` says which day today is. */
  wanted(now: number): Wanted {
    const { segment } = this
    return {
      direction: segment === 'incoming' ? 'inbound' : segment === 'outgoing' ? 'outbound' : null,
      notCalledBack: this.has('notCalledBack'),
      from: this.period === 'all' ? null : dayBefore(now, DAYS[this.period]),
      mine: this.has('mine'),
      withoutCase: this.has('withoutCase'),
      line: this.line,
      text: this.query.trim(),
      sort: this.sort.by,
      ascending: this.sort.ascending,
    }
  }

  /** So many calls of the desk are asked for: those that wait are all there, the others come from the history. */
  get listed(): number {
    return this.segment === 'missed' ? ALL : 0
  }

  /** Those that wait to be called back. */
  showMissed(): void {
    this.clear()
    this.segment = 'missed'
  }

  clearFilters(): void {
    this.period = 'all'
    this.line = null
    this.#only = new Set()
  }

  /** Back to everything. */
  clear(): void {
    this.segment = 'all'
    this.query = ''
    this.clearFilters()
  }
}

/** When the day began that was so many days ago, by this computer's clock. */
function dayBefore(now: number, days: number): number {
  const day = new Date(now)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - days).getTime()
}

export const callList = new CallList()
