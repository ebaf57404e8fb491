/** Between the set-up and the page that shows what a link says: on a computer that is not set up one stands in the other's place. */
import type { SettingValue } from '$lib/backend'
import type { SettingsDraft } from '../settings/draft.svelte'

class Enrolling {
  /** The set-up as it was typed when it went from the screen. */
  left: SettingsDraft | null = null
  /** What the agent took from a link. */
  #taken: SettingValue[] = []

  /** The question is answered, on a computer that is not set up: with these values, or none. */
  answer(values: SettingValue[]): void {
    this.#taken = values
  }

  /** What the set-up goes on from, each given once: what was typed before the question, and what was taken from the link. */
  take(): { left: SettingsDraft | null; values: SettingValue[] } {
    const { left } = this
    const values = this.#taken
    this.left = null
    this.#taken = []
    return { left, values }
  }
}

export const enrolling = new Enrolling()
