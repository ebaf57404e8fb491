/** How much room the workspace leaves the popup. */
import { backend } from '$lib/backend'

class Room {
  /** Not enough for a card. */
  isShort = $state(false)
  /** As high as a card may be, CSS px. */
  highest = $state(560)

  async follow(): Promise<void> {
    await backend().onPopupRoom(() => void this.#ask())
    await this.#ask()
  }

  async #ask(): Promise<void> {
    const { isShort, highest } = await backend().popupRoom()
    this.isShort = isShort
    this.highest = highest
  }
}

export const room = new Room()
