/** What the agent chose to see in the list of calls; it stays while other pages are open. */
import type { Segment } from './rows'

const PHONE_KEY = 'calls.phone'

class CallList {
  segment = $state<Segment>('all')
  query = $state('')
  /** The row that the keyboard is on. */
  selected = $state<string | null>(null)
  /** The row that tells more. */
  expanded = $state<string | null>(null)
  /** The column «Телефон» (S26); the choice outlives the program. */
  #phone = $state(localStorage.getItem(PHONE_KEY) !== 'off')

  get phone(): boolean {
    return this.#phone
  }

  togglePhone(): void {
    this.#phone = !this.#phone
    localStorage.setItem(PHONE_KEY, this.#phone ? 'on' : 'off')
  }

  toggle(row: string): void {
    this.expanded = this.expanded === row ? null : row
  }

  /** Back to everything. */
  clear(): void {
    this.segment = 'all'
    this.query = ''
  }
}

export const callList = new CallList()
