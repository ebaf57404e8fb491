/** Reads a recording from the address that the application gives it. */
import type { CommandError } from './bindings'
import type { Result } from './types'

/** Each answer is copied several times on its way, so none is longer than this, bytes. */
const PART = 1 << 20

export async function readRecording(address: string, leave: AbortSignal): Promise<Result<Blob>> {
  const parts: ArrayBuffer[] = []
  let kind = ''
  for (let read = 0, length = 1; read < length; ) {
    const answer = await fetch(address, { headers: { Range: `bytes=${read}-${read + PART - 1}` }, signal: leave }).catch(() => null)
    if (answer === null) return { status: 'error', error: { trouble: 'closed', about: null } }
    if (!answer.ok) return { status: 'error', error: await troubleOf(answer) }
    const part = await answer.arrayBuffer().catch(() => new ArrayBuffer(0))
    if (part.byteLength === 0) return { status: 'error', error: { trouble: 'closed', about: null } }
    parts.push(part)
    read += part.byteLength
    length = lengthOf(answer) ?? read
    kind = answer.headers.get('content-type') ?? ''
  }
  return { status: 'ok', data: new Blob(parts, { type: kind }) }
}

/** The length of the whole file; none when all of it came at once. */
function lengthOf(answer: Response): number | null {
  const length = answer.headers.get('content-range')?.split('/').at(-1)
  return length === undefined ? null : Number(length)
}

/** What is no answer about a recording (another window asks, the address is none) comes without a reason. */
async function troubleOf(answer: Response): Promise<CommandError> {
  if (answer.headers.get('content-type') !== 'application/json') return { trouble: 'other', about: null }
  return (await answer.json()) as CommandError
}
