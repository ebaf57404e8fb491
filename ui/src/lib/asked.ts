/** A command that throws (the window is going away, the channel broke) is answered like one that was refused. */
import type { Result } from './backend'

export async function asked<T>(ask: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await ask()
  } catch {
    return { status: 'error', error: { trouble: 'other', about: null } }
  }
}
