/**
 * Keeps stray keys away from the popup (house rule 6, design section 6). It appears while the agent types elsewhere:
 * keys count only when the first second is over *and* the popup was focused on purpose: by the pointer, by the agent's
 * wish, or by the window getting the focus after that second.
 */
export const GUARD_MS = 1000

export class KeyGuard {
  #shownAt = Number.POSITIVE_INFINITY
  #onPurpose = false

  /** The popup appeared, or another call came to the top of it. */
  appeared(now: number): void {
    this.#shownAt = now
  }

  /** The popup is empty again. */
  hidden(): void {
    this.#shownAt = Number.POSITIVE_INFINITY
    this.#onPurpose = false
  }

  /** A key that was kept away: whoever types on has not noticed yet that another call is there. */
  strayed(now: number): void {
    if (this.#onPurpose) this.#shownAt = now
  }

  /** The agent turned to the popup, by the pointer, a key elsewhere, or the tray. */
  turnedTo(): void {
    this.#onPurpose = true
  }

  focused(now: number): void {
    if (this.#isSettled(now)) this.#onPurpose = true
  }

  blurred(): void {
    this.#onPurpose = false
  }

  /** Whether a key may do something now. */
  allows(now: number): boolean {
    return this.#onPurpose && this.#isSettled(now)
  }

  #isSettled(now: number): boolean {
    return now - this.#shownAt >= GUARD_MS
  }
}
