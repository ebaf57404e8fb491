/** What the agent chose to see in the list of calls; it stays while other pages are open. */
import type { Segment } from './rows'

const PHONE_KEY = 'calls.phone'
/** So many calls are asked for at first, and each time somebody comes to the end of the list. */
const PAGE = 50
/** More than are kept. */
const ALL = 1_000

class CallList {
  segment = $state<Segment>('all')
  query = $state('')
  #pages = $state(1)
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

  /** So many calls are asked for; who looks for some looks in all of them. */
  get listed(): number {
    return this.segment !== 'all' || this.query.trim() !== '' ? ALL : this.#pages * PAGE
  }

  /** From the top again. */
  begin(): void {
    this.#pages = 1
  }

  listMore(): void {
    this.#pages += 1
  }

  /** Those that wait to be called back. */
  showMissed(): void {
    this.segment = 'missed'
    this.query = ''
  }

  /** Back to everything. */
  clear(): void {
    this.segment = 'all'
    this.query = ''
  }
}

export const callList = new CallList()
