/** The team's figures as the page reads them: step by step, while somebody looks at them and has not stopped it. */
import { asked } from '$lib/asked'
import { backend, type CommandError, type FiguresRange, type TeamView, type TeamWish } from '$lib/backend'

class TeamReading {
  view = $state.raw<TeamView | null>(null)
  /** Why nothing can be shown. */
  error = $state.raw<CommandError | null>(null)
  reading = $state(false)
  #turn = 0

  /** What is known of these days is shown at once, the rest is read. */
  async read(range: FiguresRange, first: TeamWish = 'look'): Promise<void> {
    const turn = ++this.#turn
    this.error = null
    this.reading = true
    for (let wish = first; ; wish = 'read') {
      const answer = await asked(() => backend().teamFigures(range, wish))
      if (turn !== this.#turn) return
      if (answer.status === 'error') {
        this.error = answer.error
        break
      }
      this.view = answer.data
      // What was known of an earlier trouble is no reason not to try again.
      if (answer.data.stage === 'done' || (wish !== 'look' && answer.data.trouble !== null)) break
    }
    this.reading = false
  }

  /** What is under way is the last that is asked. */
  stop(): void {
    this.#turn++
    this.reading = false
  }
}

export const team = new TeamReading()
