/**
 * When a case's page is read: once when it opens, and once more each time all about one of its calls has been written.
 * In between this desk knows what happens, and the office's requests per minute are shared. What people do in
 * Omnidesk meanwhile is seen when the agent asks for it.
 */
import { untrack } from 'svelte'
import { backend, type CallView, type CasePageView, type CommandError } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { Remote } from '$lib/remote.svelte'
import { isWritten } from './logged'

export class CaseReading {
  /** The calls of which the page that was read knows all. */
  complete = $state.raw<ReadonlySet<string>>(new Set())
  #remote: Remote<CasePageView>
  #written = $derived.by(() => this.#calls().filter((call) => isWritten(call, desk.view.outbox)).flatMap(marks).join(' '))
  #calls: () => CallView[]
  /** The agent wants Omnidesk's own page; stands until it came, whatever else asks for the page meanwhile. */
  #fresh = false

  /** Made by the page's component, whose life it shares. */
  constructor(caseId: string, calls: () => CallView[]) {
    this.#calls = calls
    this.#remote = new Remote(() => backend().casePage(caseId, this.#fresh))
    let known: ReadonlySet<string> | null = null
    $effect(() => {
      const written = idsOf(this.#written)
      const grew = [...written].some((id) => known?.has(id) === false)
      const isFirst = known === null
      // What is written anew, such as a corrected gist, the page that was read does not know.
      const fresh = [...untrack(() => this.complete)].filter((id) => known?.has(id) !== true || written.has(id))
      if (fresh.length < untrack(() => this.complete.size)) this.complete = new Set(fresh)
      known = written
      if (isFirst || grew) untrack(() => void this.load())
    })
  }

  get page(): CasePageView | null {
    return this.#remote.data
  }

  get error(): CommandError | null {
    return this.#remote.error
  }

  get loading(): boolean {
    return this.#remote.loading
  }

  /** The agent's own wish. */
  async reload(): Promise<void> {
    this.#fresh = true
    await this.load()
  }

  async load(): Promise<void> {
    const written = idsOf(this.#written)
    await this.#remote.load()
    if (!this.#remote.loading) this.#fresh = false
    if (this.#remote.error === null && !this.#remote.loading) this.complete = new Set([...this.complete, ...written])
  }
}

/** What was undone is written anew, perhaps before anybody saw it under way. */
function marks(call: CallView): string[] {
  return call.outcome?.undone === true ? [call.id, `${call.id}~undone`] : [call.id]
}

function idsOf(list: string): ReadonlySet<string> {
  return new Set(list.split(' ').filter((id) => id !== ''))
}
