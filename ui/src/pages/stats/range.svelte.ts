/** Which days the page shows; kept while the window is there. */
import type { FiguresRange } from '$lib/backend'
import { m } from '$lib/m'
import { readDate } from '../user/check'
import type { Choice } from './words'

class Chosen {
  /** Whose calls. */
  whose = $state<'mine' | 'team'>('mine')
  /** What is asked for. */
  range = $state.raw<FiguresRange>({ type: 'week' })
  /** What the switch stands at: own days are asked for when they are written. */
  choice = $state<Choice>('week')
  first = $state('')
  last = $state('')
  /** What is wrong with the days that were written. */
  errors = $state.raw<{ first: string | null; last: string | null }>({ first: null, last: null })

  choose(choice: Choice): void {
    this.choice = choice
    if (choice !== 'days') this.range = { type: choice }
  }

  /** Own days, as they are written. Whether they can be asked for. */
  show(): boolean {
    const [first, last] = [readDate(this.first), readDate(this.last)]
    this.errors = {
      first: first === null ? m.stats_bad_day() : null,
      last: last === null ? m.stats_bad_day() : first !== null && last < first ? m.stats_bad_order() : null,
    }
    if (first === null || last === null || this.errors.last !== null) return false
    this.range = { type: 'days', first, last }
    return true
  }

  /** What the back end finds wrong with them. */
  refuse(about: string | null): void {
    const last = about === 'length' ? m.stats_bad_length() : about === 'order' ? m.stats_bad_order() : about === 'last' ? m.stats_bad_day() : null
    this.errors = { first: last === null ? m.stats_bad_day() : null, last }
  }

  /** As at the start. */
  reset(): void {
    this.choose('week')
    this.whose = 'mine'
    this.errors = { first: null, last: null }
    this.first = this.last = ''
  }
}

export const chosen = new Chosen()
