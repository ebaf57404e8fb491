/**
 * The palette: what is typed, what fits it, and which of that is chosen. Commands, last calls and known cases are found here at
 * once; numbers are read and users sought as the dial window and the search do it, by the same means.
 */
import type { LucideIcon } from '@lucide/svelte'
import FileText from '@lucide/svelte/icons/file-text'
import Phone from '@lucide/svelte/icons/phone'
import { asked } from '$lib/asked'
import { backend, type DialPreview, type FoundUser, type Route, type UserView } from '$lib/backend'
import { listed } from '$lib/bidi'
import { callName, callUser } from '$lib/calls'
import { desk } from '$lib/desk.svelte'
import { Dialing } from '$lib/dialing.svelte'
import { phone, userName } from '$lib/format'
import { m } from '$lib/m'
import type { Range } from '$lib/marks'
import { router } from '$lib/router.svelte'
import { troubleText } from '$lib/trouble'
import { personal } from '$lib/veil'
import { routeOf } from '../../pages/calls/rows'
import { UserSearch } from '../../pages/search/search.svelte'
import { marksIn } from '../../pages/search/where'
import { commands, type Told } from './commands'
import { caseNumber, cases, fitting, people } from './rank'

/** A pause in typing before a number is read, ms: as in the dial window. */
export const READ_PAUSE = 80
/** Most users of the search that are shown. */
const MOST_FOUND = 8

export type Kind = 'number' | 'commands' | 'people' | 'cases'

/** What came of a row: it is done and the palette goes, or it stays, with a word or without. */
export type Outcome = 'done' | 'stay' | Told

export interface Row {
  id: string
  kind: Kind
  /** A sign, or the person whose letters stand there. */
  icon: LucideIcon | null
  title: string
  /** What of the title is marked, where the search says so; else what was typed. */
  marks?: Range[]
  note: string
  key: string | null
  run: () => Promise<Outcome>
}

export class Palette {
  text = $state('')
  /** What the last row said that was chosen. */
  told = $state.raw<Told | null>(null)
  /** A row is being carried out. */
  busy = $state(false)
  readonly search = new UserSearch()
  readonly rows = $derived.by(() => [...this.#numbers(), ...this.#commands(), ...this.#people(), ...this.#cases()])
  /** The row that Enter takes: the one moved to, while it is there; else the first. */
  readonly at = $derived.by(() => Math.max(0, this.rows.findIndex((row) => row.id === this.#wanted)))
  readonly chosen = $derived.by((): Row | null => this.rows[this.at] ?? null)
  /** An answer may come yet. */
  readonly waits = $derived.by(() => this.search.busy || this.#reads)

  #preview = $state.raw<DialPreview | null>(null)
  #wanted = $state<string | null>(null)
  #reads = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0
  #reading: Promise<void> | null = null
  readonly #dialing = new Dialing()

  /** The text has changed. */
  type(): void {
    this.#turn += 1
    this.#wanted = null
    this.#reading = null
    this.#preview = null
    this.told = null
    clearTimeout(this.#timer)
    this.search.text = this.text
    this.search.type()
    this.#reads = mayBeNumber(this.text)
    if (this.#reads) this.#timer = setTimeout(() => void this.#read(), READ_PAUSE)
  }

  /** To a row, by its place; beyond the ends to the other one. */
  move(to: number): void {
    const count = this.rows.length
    this.#wanted = this.rows[(to + count) % count]?.id ?? null
  }

  /** Carries out the row at this place, or the chosen one; answers whether the palette is done. A number typed quickly is read first. */
  async accept(row: Row | null = null): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.told = null
    const turn = this.#turn
    try {
      if (row === null && this.#reads && this.#wanted === null) await this.#read()
      // Another text stands there by now, or the palette is gone: it was not that which was wanted.
      if (turn !== this.#turn) return false
      const taken = row ?? this.chosen
      const outcome = taken === null ? 'stay' : await taken.run()
      // What is said of a row is no answer to a text that was typed since.
      if (turn !== this.#turn) return false
      if (typeof outcome === 'object') this.told = outcome
      return outcome === 'done'
    } finally {
      this.busy = false
    }
  }

  close(): void {
    this.#turn += 1
    clearTimeout(this.#timer)
    this.search.close()
  }

  #read(): Promise<void> {
    clearTimeout(this.#timer)
    const turn = this.#turn
    this.#reading ??= backend()
      .readNumber(this.text)
      .then((preview) => preview, () => null)
      .then((preview) => {
        if (turn !== this.#turn) return
        this.#preview = preview
        this.#reads = false
      })
    return this.#reading
  }

  #numbers(): Row[] {
    const rows: Row[] = []
    const wanted = caseNumber(this.text)
    if (wanted !== null) {
      rows.push({ id: 'case-number', kind: 'number', icon: FileText, title: m.workspace_open_case({ number: wanted }), note: '', key: null, run: () => this.#openCase(wanted) })
    }
    const preview = this.#preview
    if (preview !== null && preview.dial !== null && preview.pretty !== '') {
      const { dial, pretty, user } = preview
      const note = user === null ? '' : personal(userName(user))
      rows.push({ id: 'call', kind: 'number', icon: Phone, title: m.palette_call({ number: pretty }), note, key: null, run: () => this.#dial(dial) })
    }
    return rows
  }

  #commands(): Row[] {
    return fitting(commands(), this.text).map(({ id, icon, title, of, key, run }) => ({
      id,
      kind: 'commands',
      icon,
      title: of === null ? title : `${of}: ${title}`,
      note: '',
      key,
      run: async () => (await run()) ?? 'done',
    }))
  }

  /** The last on the phone, then whom the search finds. */
  #people(): Row[] {
    const calls = people(desk.view.calls, this.text)
    const recent = calls.flatMap((call): Row[] => {
      const user = callUser(call)
      const route: Route | null = user === null ? routeOf(call) : { page: 'profile', user: user.id, call: null }
      if (route === null) return []
      const note = user === null ? null : user.company
      return [personRow(`call-${call.id}`, callName(call), listed([note, phone(call.number)]), route)]
    })
    const { state } = this.search
    const known = new Set(calls.map((call) => callUser(call)?.id))
    // Whom a former text found is nobody that this one asks for.
    const found = state.type === 'found' && this.text.trim() === this.search.answered ? state.users : []
    const others = found.filter(({ user }) => !known.has(user.id)).slice(0, MOST_FOUND)
    return [...recent, ...others.map(foundRow)]
  }

  #cases(): Row[] {
    return cases(desk.view.calls, this.text).map(({ id, number, subject }) => ({
      id: `case-${id}`,
      kind: 'cases',
      icon: FileText,
      title: personal(subject),
      note: number,
      key: null,
      run: () => go({ page: 'case', case: id, call: null }),
    }))
  }

  /** The case is found in Omnidesk: it opens, or it is said that there is none. Whoever has turned to something else meanwhile stays there. */
  async #openCase(number: string): Promise<Outcome> {
    const turn = this.#turn
    const found = await asked(() => backend().caseByNumber(number))
    if (turn !== this.#turn) return 'stay'
    if (found.status === 'ok') return go({ page: 'case', case: found.data, call: null })
    const { trouble } = found.error
    return { text: trouble === 'gone' ? m.palette_no_case({ number }) : m.palette_case_unknown({ reason: troubleText(trouble) }), bad: true }
  }

  /** As each button that dials: what is doubtful is asked about over the palette. */
  async #dial(number: string): Promise<Outcome> {
    const call = await this.#dialing.dial(number, null)
    if (call !== null) return 'done'
    return this.#dialing.error === null ? 'stay' : { text: this.#dialing.error, bad: true }
  }
}

function personRow(id: string, name: string, note: string, route: Route): Row {
  return { id, kind: 'people', icon: null, title: personal(name), note: desk.view.private ? '' : note, key: null, run: () => go(route) }
}

function foundRow(found: FoundUser): Row {
  const { user } = found
  const name = userName(user)
  return { ...personRow(`user-${user.id}`, name, noteOf(user), { page: 'profile', user: user.id, call: null }), marks: marksIn(found, 'name', name) }
}

function noteOf(user: UserView): string {
  return listed([user.company, user.phones[0] ?? user.email])
}

async function go(route: Route): Promise<Outcome> {
  router.go(route)
  return 'done'
}

/** Words with a digit in them may be a number; of a text without one nobody needs to be asked. */
function mayBeNumber(text: string): boolean {
  return /\d/.test(text) && !/\p{L}{3}/u.test(text)
}
