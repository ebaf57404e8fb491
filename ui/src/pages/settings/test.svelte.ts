/** One connection test: runs once at a time, and forgets answers about settings that have changed since. */
import type { CommandError, Result, TestLine } from '$lib/backend'

export type TestState =
  | { type: 'notRun' }
  | { type: 'running' }
  | { type: 'done'; lines: TestLine[] }
  | { type: 'refused'; error: CommandError }

export class ConnectionTest {
  state = $state.raw<TestState>({ type: 'notRun' })
  #run: () => Promise<Result<TestLine[]>>
  #turn = 0

  constructor(run: () => Promise<Result<TestLine[]>>) {
    this.#run = run
  }

  get running(): boolean {
    return this.state.type === 'running'
  }

  /** It was run and nothing is wrong; what there was nothing to try on (no channel chosen) does not count. */
  get passed(): boolean {
    return this.state.type === 'done' && !this.#hasFailure
  }

  /** It was run and something is wrong. */
  get failed(): boolean {
    return this.state.type === 'refused' || this.#hasFailure
  }

  get #hasFailure(): boolean {
    return this.state.type === 'done' && this.state.lines.some((line) => line.outcome === 'failed')
  }

  async run(): Promise<void> {
    if (this.running) return
    const turn = ++this.#turn
    this.state = { type: 'running' }
    const result = await this.#run()
    if (turn !== this.#turn) return
    this.state = result.status === 'ok' ? { type: 'done', lines: result.data } : { type: 'refused', error: result.error }
  }

  /** The settings have changed: what was found says nothing any more. */
  forget(): void {
    this.#turn += 1
    this.state = { type: 'notRun' }
  }
}
