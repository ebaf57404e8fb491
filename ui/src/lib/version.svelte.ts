/** What is known of newer versions of the program: the workspace's banner and the settings say the same. */
import { backend, type Backend, type UpdateTrouble, type UpdateView, type VersionView } from '$lib/backend'
import { m } from '$lib/m'

const TROUBLE: Record<UpdateTrouble, () => string> = {
  source: m.version_trouble_source,
  unreachable: m.version_trouble_unreachable,
  list: m.version_trouble_list,
  notForUs: m.version_trouble_not_for_us,
  tooLarge: m.version_trouble_too_large,
  signature: m.version_trouble_signature,
  package: m.version_trouble_package,
  gone: m.version_trouble_gone,
  inCall: m.version_trouble_in_call,
  notAllowed: m.version_trouble_not_allowed,
  unfinished: m.version_trouble_unfinished,
  other: m.version_trouble_other,
}

class Version {
  /** None before the program has said it. */
  known = $state.raw<VersionView | null>(null)
  /** It is being looked for, or installed. */
  busy = $state(false)
  /** Why it was not installed, or not looked for; what was found before still stands. */
  failed = $state.raw<UpdateTrouble | null>(null)
  /** The newer version that the agent has been shown. */
  seen = $state.raw<string | null>(null)

  /** The newer version, if there is one. */
  get newer(): string | null {
    const update = this.known?.update
    return update?.type === 'newer' ? update.version : null
  }

  async follow(from: Backend): Promise<void> {
    const ask = async () => {
      this.known = await from.version()
    }
    await from.onVersionKnown(() => void ask().catch(() => {}))
    await ask()
  }

  async look(): Promise<void> {
    await this.#ask(() => backend().lookForUpdate())
  }

  async install(): Promise<void> {
    await this.#ask(() => backend().installUpdate())
  }

  async #ask(question: () => Promise<UpdateView>): Promise<void> {
    this.busy = true
    this.failed = null
    try {
      const now = await question()
      this.known = await backend().version()
      if (now.type === 'failed' && this.known.update.type !== 'failed') this.failed = now.trouble
    } catch {
      this.failed = 'other'
    } finally {
      this.busy = false
    }
  }
}

export const version = new Version()

/** One line: whether there is a newer version, or why that is not known. */
export function updateText(update: UpdateView): string {
  switch (update.type) {
    case 'off':
      return m.version_off()
    case 'notPackaged':
      return m.version_not_packaged()
    case 'notAsked':
      return m.version_not_asked()
    case 'newest':
      return m.version_newest()
    case 'newer':
      return m.version_newer({ version: update.version })
    case 'installing':
      return update.percent === null ? m.version_installing() : m.version_loading({ percent: update.percent })
    case 'installed':
      return m.version_installed()
    case 'failed':
      return updateTroubleText(update.trouble)
  }
}

export function updateTroubleText(trouble: UpdateTrouble): string {
  return TROUBLE[trouble]()
}
