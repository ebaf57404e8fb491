/** What is heard of calls, and how a sound is chosen. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import Settings from '../src/pages/Settings.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import Rings from '../src/popup/Rings.svelte'
import { scene, stage } from './stage'

const SOUND = { kind: 'audio/wav', sound: btoa('RIFF....WAVE') }

let played: HTMLMediaElement[] = []
let paused: HTMLMediaElement[] = []

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
  played = []
  paused = []
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(async function (this: HTMLMediaElement) {
    played.push(this)
  })
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(function (this: HTMLMediaElement) {
    paused.push(this)
  })
  URL.createObjectURL = () => 'blob:sound'
  URL.revokeObjectURL = () => {}
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  settingsView.section = 'connections'
})

/** The file is over. */
const ends = (one: HTMLMediaElement | undefined) => one?.dispatchEvent(new Event('ended'))

async function ringing(sound: typeof SOUND | null = SOUND) {
  const { view } = scene('popup-ringing-known')
  const backend = await stage('popup-ringing-known')
  backend.ringSound.mockResolvedValue(sound)
  desk.reset()
  desk.apply({ ...view, popup: [] })
  render(Rings)
  await tick()
  expect(backend.ringSound).not.toHaveBeenCalled()
  desk.apply(view)
  await tick()
  const call = view.calls.find(({ id }) => view.popup.includes(id))
  if (call === undefined) throw new Error('a call that rings')
  const becomes = async (part: Partial<typeof call>) => {
    desk.apply({ ...desk.view, calls: desk.view.calls.map((one) => (one.id === call.id ? { ...one, ...part } : one)) })
    await tick()
  }
  return { backend, view, becomes }
}

describe('a call in the popup', () => {
  test('is heard again and again until it is answered', async () => {
    const { backend, becomes } = await ringing()
    await waitFor(() => expect(played).toHaveLength(1))
    expect(backend.ringSound).toHaveBeenCalledExactlyOnceWith('incoming')
    // Another state of the same call begins nothing anew.
    await becomes({ line: 'Поддержка' })
    expect(paused).toEqual([])
    ends(played[0])
    expect(played).toHaveLength(2)
    await becomes({ phase: 'talking' })
    expect(paused).toEqual([played[0]])
    await becomes({ phase: 'ended', disposition: 'answered' })
    expect(backend.ringSound).toHaveBeenCalledOnce()
  })

  test('that was missed is heard once more, and once', async () => {
    const { backend, becomes } = await ringing()
    await waitFor(() => expect(played).toHaveLength(1))
    await becomes({ phase: 'ended', disposition: 'missed' })
    await becomes({ line: 'Поддержка' })
    expect(backend.ringSound.mock.calls).toEqual([['incoming'], ['missed']])
    await waitFor(() => expect(played).toHaveLength(2))
    ends(played[1])
    expect(played).toHaveLength(2)
  })

  test('whose end was never told is quiet after two minutes', async () => {
    await ringing()
    await waitFor(() => expect(played).toHaveLength(1))
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 120_001)
    ends(played[0])
    expect(played).toHaveLength(1)
    expect(paused).toHaveLength(1)
  })

  test('is quiet where no sound was chosen, and where the popup does not have it', async () => {
    const { view, backend } = await ringing(null)
    desk.apply({ ...view, popup: [] })
    await tick()
    expect(backend.ringSound).toHaveBeenCalledOnce()
    expect(played).toEqual([])
  })
})

describe('in the settings', () => {
  async function show(rings = { incoming: false, missed: false }) {
    const backend = await stage({ ...scene('ws-settings'), rings })
    settingsView.section = 'general'
    router.reset({ page: 'settings' })
    render(Settings)
    await screen.findByRole('group', { name: 'Звук' })
    return backend
  }
  async function choose(ring: string, file: File) {
    const input = document.querySelector<HTMLInputElement>(`input[data-ring=${ring}]`)
    if (input === null) throw new Error('a place for a file')
    Object.defineProperty(input, 'files', { value: [file], configurable: true })
    await fireEvent.change(input)
  }

  test('there is none until a file is chosen, which goes as it is', async () => {
    const backend = await show()
    expect(screen.queryByRole('button', { name: /Послушать/ })).toBeNull()
    backend.rings.mockResolvedValue({ incoming: false, missed: true })
    const long = 'RIFF....WAVE'.padEnd(20_000, 'é')
    await choose('missed', new File([Uint8Array.from(long, (letter) => letter.charCodeAt(0))], 'ring.wav'))
    await screen.findByRole('button', { name: 'Послушать: Пропущенный звонок' })
    expect(backend.keepRingSound).toHaveBeenCalledExactlyOnceWith('missed', btoa(long))
    expect(screen.queryByRole('button', { name: 'Послушать: Входящий звонок' })).toBeNull()
  })

  test.each([
    ['notSound', 'Это не WAV, OGG и не MP3. Выберите другой файл.'],
    ['tooLong', 'Файл больше 1 МБ. Выберите покороче.'],
    ['notKept', 'Файл не удалось сохранить. Проверьте, есть ли место на диске.'],
  ] as const)('a file that is refused (%s) is said', async (error, text) => {
    const backend = await show()
    backend.keepRingSound.mockResolvedValue({ status: 'error', error })
    await choose('incoming', new File(['<html>'], 'ring.wav'))
    expect((await screen.findByRole('alert')).textContent).toBe(text)
  })

  test('one that is far too long is not even read', async () => {
    const backend = await show()
    await choose('incoming', new File([new Uint8Array(1_048_577)], 'ring.wav'))
    expect((await screen.findByRole('alert')).textContent).toBe('Файл больше 1 МБ. Выберите покороче.')
    expect(backend.keepRingSound).not.toHaveBeenCalled()
  })

  test('it is listened to, stopped, said to be none that plays, and removed', async () => {
    const backend = await show({ incoming: true, missed: false })
    backend.ringSound.mockResolvedValue(SOUND)
    await fireEvent.click(await screen.findByRole('button', { name: 'Послушать: Входящий звонок' }))
    await waitFor(() => expect(played).toHaveLength(1))
    await fireEvent.click(screen.getByRole('button', { name: 'Стоп: Входящий звонок' }))
    expect(paused).toEqual(played)
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockRejectedValue(new Error('no codec'))
    await fireEvent.click(screen.getByRole('button', { name: 'Послушать: Входящий звонок' }))
    expect((await screen.findByRole('alert')).textContent).toBe('Этот файл не воспроизводится. Выберите другой, лучше WAV.')
    backend.rings.mockResolvedValue({ incoming: false, missed: false })
    await fireEvent.click(screen.getByRole('button', { name: 'Без звука: Входящий звонок' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: /Послушать/ })).toBeNull())
    expect(backend.forgetRingSound).toHaveBeenCalledExactlyOnceWith('incoming')
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
