/** What several buttons, keys and commands do alike: done at one place; each answers with why it did not work, in words. */
import { asked } from './asked'
import { backend, type PauseFor, type Result } from './backend'
import { m } from './m'
import { troubleText } from './trouble'

export function pausePopups(length: PauseFor): Promise<string | null> {
  return tried(() => backend().pausePopups(length), m.pause_failed)
}

export function resumePopups(): Promise<string | null> {
  return tried(() => backend().resumePopups(), m.pause_failed)
}

export function hidePersonal(hide: boolean): Promise<string | null> {
  return tried(() => backend().hidePersonal(hide), m.privacy_failed)
}

/** The popup with a made-up call; whether it comes. */
export async function showTestCall(): Promise<boolean> {
  try {
    const answer = await backend().showTestCall()
    return !(typeof answer === 'object' && answer !== null && 'status' in answer && answer.status === 'error')
  } catch {
    return false
  }
}

async function tried(deed: () => Promise<Result<null>>, words: (why: { reason: string }) => string): Promise<string | null> {
  const result = await asked(deed)
  return result.status === 'error' ? words({ reason: troubleText(result.error.trouble) }) : null
}
