/** How much room the workspace leaves the popup. */
import { backend } from '$lib/backend'

class Room {
  /** Not enough for a card. */
  isShort = $state(false)

  async follow(): Promise<void> {
    await backend().onPopupRoom(() => void this.#ask())
    await this.#ask()
  }

  async #ask(): Promise<void> {
    this.isShort = await backend().popupShortOfRoom()
  }
}

export const room = new Room()
