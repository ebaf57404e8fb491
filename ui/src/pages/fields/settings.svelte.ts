/**
 * The data fields as the screen shows them and as they are kept (S02). A change shows at once and is saved at once; one save
 * at a time, and changes made meanwhile go together in the next. What could not be kept goes back to what is kept.
 */
import { asked } from '$lib/asked'
import { backend, type CommandError, type DataField, type FieldsView } from '$lib/backend'
import { textIsSaved } from '$lib/typing'

export class FieldSettings {
  /** As shown; nothing until they were read. */
  fields = $state.raw<DataField[] | null>(null)
  /** Whether Omnidesk's own fields could be read; if not, those known from before are listed. */
  fresh = $state(true)
  /** The office says which: they are not changed here. */
  locked = $state(false)
  omnideskUrl = $state<string | null>(null)
  loading = $state(false)
  saving = $state(false)
  savedAt = $state<number | null>(null)
  /** Why the fields could not be read. */
  unread = $state.raw<CommandError | null>(null)
  /** Why the last change could not be kept. */
  unsaved = $state.raw<CommandError | null>(null)
  #kept: DataField[] = []
  #changed = false
  #work: Promise<boolean> = Promise.resolve(true)

  /** Reads them (again), after what is being saved. */
  async load(): Promise<void> {
    this.loading = true
    await this.#work
    const result = await asked(() => backend().dataFields())
    this.loading = false
    this.unread = result.status === 'error' ? result.error : null
    // A change made while the answer was on its way is newer, and its save answers, too.
    if (result.status === 'ok' && !this.saving) this.#take(result.data)
  }

  /** Shows and keeps the fields; answers whether they were kept. */
  change(fields: DataField[]): Promise<boolean> {
    this.fields = fields
    this.unsaved = null
    this.#changed = true
    if (!this.saving) this.#work = this.#save()
    return this.#work
  }

  /** Takes what came from a file; answers with the refusal, if there was one. */
  async importText(text: string): Promise<CommandError | null> {
    await this.#work
    const result = await asked(() => backend().importFields(text))
    if (result.status === 'error') return result.error
    this.#take(result.data)
    return null
  }

  async #save(): Promise<boolean> {
    this.saving = true
    while (this.#changed && this.fields !== null) {
      this.#changed = false
      const wanted = this.fields
      const result = await asked(() => backend().saveFields(wanted))
      if (result.status === 'ok') {
        this.#kept = result.data.fields
        textIsSaved()
      }
      // A change made meanwhile contains this one: it decides.
      if (this.#changed) continue
      if (result.status === 'error') {
        this.unsaved = result.error
        this.fields = this.#kept
        this.saving = false
        return false
      }
      this.#take(result.data)
      this.savedAt = Date.now()
    }
    this.saving = false
    return true
  }

  #take(view: FieldsView): void {
    this.#kept = view.fields
    this.fields = view.fields
    this.fresh = view.fresh
    this.locked = view.locked
    this.omnideskUrl = view.omnideskUrl
  }
}
