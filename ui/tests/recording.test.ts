import { afterEach, expect, test, vi } from 'vitest'
import { readRecording } from '$lib/backend/recording'

afterEach(() => vi.unstubAllGlobals())

const ADDRESS = 'recording://localhost/482113907/912-0'
const NOBODY_LEAVES = new AbortController().signal
const SOUND = { 'content-type': 'audio/wav' }

/** An application that has this file. */
function having(file: Uint8Array<ArrayBuffer>) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (address: string, { headers }: { headers: { Range: string } }) => {
    expect(address).toBe(ADDRESS)
    asked.push(headers.Range)
    const [from, to] = headers.Range.replace('bytes=', '').split('-').map(Number) as [number, number]
    const end = Math.min(to + 1, file.length)
    return new Response(file.slice(from, end), { status: 206, headers: { ...SOUND, 'content-range': `bytes ${from}-${end - 1}/${file.length}` } })
  })
  return asked
}

test('a recording comes in parts and is put together in order', async () => {
  const file = new Uint8Array(2.5 * 2 ** 20).map((_, i) => i % 251)
  const asked = having(file)
  const read = await readRecording(ADDRESS, NOBODY_LEAVES)
  if (read.status === 'error') throw new Error(read.error.trouble)
  expect(asked).toEqual(['bytes=0-1048575', 'bytes=1048576-2097151', 'bytes=2097152-3145727'])
  expect(read.data.type).toBe('audio/wav')
  const bytes = new Uint8Array(await read.data.arrayBuffer())
  expect(bytes.length).toBe(file.length)
  expect(bytes.every((byte, i) => byte === file[i])).toBe(true)
})

test('a short one is asked for once', async () => {
  const asked = having(new Uint8Array(44))
  expect((await readRecording(ADDRESS, NOBODY_LEAVES)).status).toBe('ok')
  expect(asked).toHaveLength(1)
})

test('one that comes whole at once is whole', async () => {
  vi.stubGlobal('fetch', async () => new Response(new Uint8Array(2 ** 21), { status: 200, headers: SOUND }))
  const read = await readRecording(ADDRESS, NOBODY_LEAVES)
  expect(read.status === 'ok' && read.data.size).toBe(2 ** 21)
})

test('why there is none is told in the answer', async () => {
  const error = { trouble: 'foreignHost', about: 'files.example' }
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(error), { status: 403, headers: { 'content-type': 'application/json' } }))
  expect(await readRecording(ADDRESS, NOBODY_LEAVES)).toEqual({ status: 'error', error })
})

test.each([
  ['a status without a reason', async () => new Response(null, { status: 403 }), 'other'],
  ['no answer', () => Promise.reject(new TypeError('Load failed')), 'closed'],
  ['an empty part', async () => new Response(new Uint8Array(0), { status: 206, headers: { ...SOUND, 'content-range': 'bytes 0-0/9' } }), 'closed'],
] as const)('%s is an error, and nothing is waited for', async (_, answer, trouble) => {
  vi.stubGlobal('fetch', answer)
  expect(await readRecording(ADDRESS, NOBODY_LEAVES)).toEqual({ status: 'error', error: { trouble, about: null } })
})
