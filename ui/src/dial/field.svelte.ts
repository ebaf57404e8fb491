/**
 * What is typed or pasted, what it was understood as, and the call that it becomes. The back end reads and dials; here
 * answers to questions no longer asked are dropped, and nothing is kept once the window is closed.
 */
import { backend, type Caution, type CommandError, type DialAnswer, type DialFrom, type DialPreview, type DialStart, type DoubtView, type FoundUser, type Result } from '$lib/backend'
import { neverText } from '$lib/caution'
import { desk } from '$lib/desk.svelte'
import { dialTrouble } from '$lib/dialing.svelte'
import { troubleText } from '$lib/trouble'
import { otherOptions, peopleOptions, recentOptions, type Option } from './options'

/** A pause in typing before the number is read, and before a name is looked for, ms. */
export const READ_PAUSE = 80
export const SEARCH_PAUSE = 200
/**
 * A window that a link has opened dials nothing for so long, ms: it takes the keyboard from whatever the agent was doing, and
 * the key that was on its way there is no answer to it.
 */
export const SETTLING = 700
/** Shorter names find nearly everybody. */
const SHORTEST_NAME = 2

const OTHER: CommandError = { trouble: 'other', about: null }

export type Problem = { type: 'noNumber' } | { type: 'nobody' } | { type: 'searchFailed'; reason: string }

export class DialField {
  text = $state('')
  /** The text as a number; the former one stays until the answer comes. */
  preview = $state.raw<DialPreview | null>(null)
  found = $state.raw<FoundUser[] | null>(null)
  /** The place of the chosen row; -1: none, Enter calls the number in the field. */
  chosen = $state(-1)
  /** The number that is being dialled. */
  placing = $state<string | null>(null)
  /** Why the last call did not begin. */
  error = $state<string | null>(null)
  /** What is asked before the number is dialled. */
  question = $state.raw<{ number: string; caution: Caution } | null>(null)
  /** Who had what stands here opened. */
  from = $state<DialFrom>('agent')
  /** Opened from outside a moment ago: nothing is dialled yet. */
  settling = $state(false)
  #settled: ReturnType<typeof setTimeout> | undefined
  #searchFailed = $state.raw<CommandError | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0
  /** Another opening of the window: what is still on its way belongs to the former one. */
  #opening = 0
  #reading: Promise<DialPreview | null> | null = null

  /** Whether the field holds something that can be shown as a number. */
  readonly isNumber = $derived(isNumber(this.preview))
  readonly problem = $derived.by((): Problem | null => this.#problem())
  readonly showsPeople = $derived((this.found ?? []).length > 0)
  readonly showsOthers = $derived(!this.showsPeople && (this.preview?.others ?? []).length > 0)
  readonly options = $derived.by((): Option[] => {
    if (this.showsPeople) return peopleOptions(this.found ?? [])
    return this.showsOthers ? otherOptions(this.preview?.others ?? []) : recentOptions(desk.view.calls)
  })

  /** The text has changed. */
  type(): void {
    this.#forgetAnswers()
    // Whoever still types what was meant for another window has not seen yet where it goes.
    if (this.settling) this.#settle()
    this.chosen = -1
    this.error = null
    this.question = null
    if (this.text.trim() === '') {
      this.preview = null
      this.found = null
      this.#searchFailed = null
      return
    }
    this.#timer = setTimeout(() => void this.#understand(), READ_PAUSE)
  }

  /** Empties everything: the window was opened, or is closed. */
  reset(): void {
    this.#opening += 1
    this.text = ''
    this.placing = null
    this.from = 'agent'
    this.settling = false
    clearTimeout(this.#settled)
    this.type()
  }

  /** Opened anew with this text, and with the reason if it could not be dialled from elsewhere, or is asked about. */
  open({ text, trouble, caution, from }: DialStart): void {
    this.reset()
    this.text = text
    this.type()
    if (from !== 'agent') {
      this.from = from
      this.#settle()
    }
    if (trouble !== null) this.error = dialTrouble(trouble)
    if (caution !== null) this.#hold(text, caution)
  }

  /** Goes through the rows and back to the field. */
  move(step: 1 | -1): void {
    const places = this.options.length + 1
    const next = (this.chosen + 1 + step + places) % places
    this.chosen = next - 1
  }

  /** Enter: the chosen row, else the number in the field, read to the end if the agent was quicker. */
  async accept(): Promise<boolean> {
    const option = this.options[this.chosen]
    if (option !== undefined) return this.call(option.number)
    const turn = this.#turn
    const preview = await this.#read()
    if (turn !== this.#turn || preview === null) return false
    return this.call(preview.dial)
  }

  /** Places a call; says whether it began while the window was still the same. */
  async call(number: string | null, agreed: DoubtView | null = null): Promise<boolean> {
    if (number === null || this.placing !== null || this.settling) return false
    const opening = this.#opening
    this.placing = number
    this.error = null
    this.question = null
    const result = await place(number, agreed)
    if (opening !== this.#opening) return false
    this.placing = null
    if (result.status === 'error') this.error = dialTrouble(result.error)
    else if (result.data.type === 'held') this.#hold(number, result.data.caution)
    else return true
    return false
  }

  /** The answer to the question: dials, or goes back to the field. */
  async answer(agrees: boolean): Promise<boolean> {
    const { question } = this
    this.question = null
    return question !== null && agrees && this.call(question.number, question.caution.doubt)
  }

  #settle(): void {
    this.settling = true
    clearTimeout(this.#settled)
    this.#settled = setTimeout(() => (this.settling = false), SETTLING)
  }

  #hold(number: string, caution: Caution): void {
    if (caution.never) this.error = neverText(caution)
    else this.question = { number, caution }
  }

  async #understand(): Promise<void> {
    const turn = this.#turn
    const preview = await this.#read()
    if (turn !== this.#turn) return
    if (isNumber(preview)) {
      this.found = null
      this.#searchFailed = null
    } else if (isName(this.text)) {
      this.#timer = setTimeout(() => void this.#search(), SEARCH_PAUSE - READ_PAUSE)
    } else {
      this.found = []
    }
  }

  /** The text as a number, asked for once. */
  #read(): Promise<DialPreview | null> {
    const turn = this.#turn
    this.#reading ??= readNumber(this.text).then((preview) => {
      if (turn === this.#turn) this.preview = preview
      return preview
    })
    return this.#reading
  }

  async #search(): Promise<void> {
    const turn = this.#turn
    const result = await searchUsers(this.text.trim())
    if (turn !== this.#turn) return
    this.#searchFailed = result.status === 'error' ? result.error : null
    this.found = result.status === 'ok' ? result.data : []
    this.chosen = this.showsPeople ? this.options.findIndex((option) => option.number !== null) : -1
  }

  #problem(): Problem | null {
    if (this.preview === null || this.isNumber || this.found === null || this.found.length > 0) return null
    if (this.#searchFailed !== null) return { type: 'searchFailed', reason: troubleText(this.#searchFailed.trouble) }
    if (/\d/.test(this.text)) return { type: 'noNumber' }
    return isName(this.text) ? { type: 'nobody' } : letters(this.text) === 0 ? { type: 'noNumber' } : null
  }

  #forgetAnswers(): void {
    clearTimeout(this.#timer)
    this.#turn += 1
    this.#reading = null
  }
}

function isNumber(preview: DialPreview | null): boolean {
  return preview !== null && preview.pretty !== '' && (preview.dial !== null || (preview.kind !== 'nonsense' && preview.kind !== 'withheld'))
}

function isName(text: string): boolean {
  return letters(text) >= SHORTEST_NAME
}

function letters(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0
}

async function place(number: string, agreed: DoubtView | null): Promise<Result<DialAnswer>> {
  try {
    return await backend().dial(number, null, agreed)
  } catch {
    return { status: 'error', error: OTHER }
  }
}

async function readNumber(text: string): Promise<DialPreview | null> {
  try {
    return await backend().readNumber(text)
  } catch {
    return null
  }
}

async function searchUsers(query: string): ReturnType<ReturnType<typeof backend>['searchUsers']> {
  try {
    return await backend().searchUsers(query)
  } catch {
    return { status: 'error', error: OTHER }
  }
}
