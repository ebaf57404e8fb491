/** Tells the window the height that its content needs, after layout and only when it changes. */
import { backend } from '$lib/backend'
import { chosen } from '$lib/zoom'

/** As high as the window may be, its own px: it begins at an eighth of the screen. What is higher scrolls. */
export function highest(): number {
  const available = window.screen.availHeight
  return available > 0 ? Math.floor((available * 7 * 100) / (8 * chosen())) : Infinity
}

export class WindowHeight {
  #reported = 0

  report(card: HTMLElement | undefined): void {
    if (card === undefined) return
    const height = Math.ceil(card.getBoundingClientRect().height)
    if (height === this.#reported || height === 0) return
    this.#reported = height
    void backend().dialSize(height)
  }

  /** Follows changes of layout that no state tells of, such as a larger font. */
  watch(card: HTMLElement | undefined): (() => void) | undefined {
    if (card === undefined) return undefined
    const observer = new ResizeObserver(() => this.report(card))
    observer.observe(card)
    return () => observer.disconnect()
  }
}
