/** The call that a case is being chosen for (S04): the popup asked for it, and the profile shows where. */
class Attaching {
  /** Each request is an object of its own, so that a second one is noticed too. */
  asked = $state.raw<{ call: string } | null>(null)

  ask(call: string): void {
    this.asked = { call }
  }

  /** It was chosen, or is not wanted any more. */
  done(): void {
    this.asked = null
  }
}

export const attaching = new Attaching()
