/** Windows are told a number and ask for the rest: nothing told gets lost, nothing older comes back. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { desk, followDesk } from '$lib/desk.svelte'
import { followNavigation, router } from '$lib/router.svelte'
import { useBackend, type DeskView, type Route } from '$lib/backend'
import { fakeBackend } from '$lib/backend/fake/backend'
import { desk as deskOf } from '$lib/backend/fake/scene'

const at = (revision: number): DeskView => deskOf({ revision })
const settled = () => new Promise((resolve) => setTimeout(resolve))

/** Answers when it is told to, in the order of the questions. */
function questions<T>() {
  const open: ((answer: T) => void)[] = []
  return { ask: vi.fn(() => new Promise<T>((resolve) => open.push(resolve))), answer: (answer: T) => open.shift()?.(answer) }
}

function stage<T>(name: 'desk' | 'pagesToOpen', ask: () => Promise<T>) {
  let tell: (revision: number) => void = () => {}
  const listen = async (listener: (revision: number) => void) => {
    tell = listener
    return () => {}
  }
  const event = name === 'desk' ? 'onDeskChanged' : 'onNavigate'
  const backend = fakeBackend({ view: at(0), overrides: { [name]: ask, [event]: listen } })
  useBackend(backend)
  return { backend, tell: (revision: number) => tell(revision) }
}

beforeEach(() => {
  desk.reset()
  router.reset()
})

describe('the state', () => {
  test('a change during a question is asked for after it, once', async () => {
    const { ask, answer } = questions<DeskView>()
    const { backend, tell } = stage('desk', ask)
    const following = followDesk(backend)
    await settled()
    for (const revision of [2, 3, 4]) tell(revision)
    expect(ask).toHaveBeenCalledTimes(1)
    answer(at(1))
    await settled()
    expect(desk.view.revision).toBe(1)
    expect(ask).toHaveBeenCalledTimes(2)
    answer(at(4))
    await following
    expect(desk.view.revision).toBe(4)
    expect(ask).toHaveBeenCalledTimes(2)
  })

  test('a change that the answer contains already is not asked for again', async () => {
    const { ask, answer } = questions<DeskView>()
    const { backend, tell } = stage('desk', ask)
    const following = followDesk(backend)
    await settled()
    tell(2)
    answer(at(2))
    await following
    expect(ask).toHaveBeenCalledTimes(1)
    tell(3)
    await settled()
    expect(ask).toHaveBeenCalledTimes(2)
    answer(at(3))
    await settled()
    expect(desk.view.revision).toBe(3)
  })

  test('an answer that got lost is asked for again without another change', async () => {
    vi.useFakeTimers()
    let lost = 2
    const ask = vi.fn(async () => {
      if (desk.view.revision > 0 && lost-- > 0) throw new Error('lost')
      return at(lost < 0 ? 2 : 1)
    })
    const { backend, tell } = stage('desk', ask)
    await followDesk(backend)
    tell(2)
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()
    expect(desk.view.revision).toBe(2)
    expect(ask).toHaveBeenCalledTimes(4)
  })

  test('an answer older than what is shown is ignored', async () => {
    const { ask, answer } = questions<DeskView>()
    const { backend, tell } = stage('desk', ask)
    const following = followDesk(backend)
    await settled()
    answer(at(7))
    await following
    tell(8)
    answer(at(6))
    await settled()
    expect(desk.view.revision).toBe(7)
  })

  test('a back end that answers with less than it told is not asked without end', async () => {
    const { backend, tell } = stage('desk', async () => at(1))
    const spy = vi.spyOn(backend, 'desk')
    await followDesk(backend)
    tell(9)
    await settled()
    expect(spy).toHaveBeenCalledTimes(2)
  })

  test('a question that got lost is asked anew with the next change', async () => {
    const ask = vi.fn(async () => at(1))
    const { backend, tell } = stage('desk', ask)
    await followDesk(backend)
    ask.mockRejectedValueOnce(new Error('lost')).mockResolvedValueOnce(at(3))
    tell(2)
    await settled()
    tell(3)
    await settled()
    expect(desk.view.revision).toBe(3)
  })
})

describe('pages', () => {
  const profile = (user: string): Route => ({ page: 'profile', user, call: null })

  test('two told within a moment open in their order, and the last one stays', async () => {
    const { ask, answer } = questions<Route[]>()
    const { backend, tell } = stage('pagesToOpen', ask)
    const following = followNavigation(backend)
    await settled()
    answer([])
    await following
    tell(1)
    tell(2)
    await settled()
    expect(ask).toHaveBeenCalledTimes(2)
    answer([profile('1'), profile('2')])
    await settled()
    answer([])
    await settled()
    expect(router.current).toEqual(profile('2'))
    router.back()
    expect(router.current).toEqual(profile('1'))
  })

  test('what was to be opened before the window listened is opened', async () => {
    const { backend } = stage('pagesToOpen', async () => [profile('5')])
    await followNavigation(backend)
    expect(router.current).toEqual(profile('5'))
  })

  test('an answer that got lost does not keep the next page away', async () => {
    const ask = vi.fn(async (): Promise<Route[]> => [])
    const { backend, tell } = stage('pagesToOpen', ask)
    await followNavigation(backend)
    ask.mockRejectedValueOnce(new Error('lost')).mockResolvedValueOnce([profile('6')])
    tell(1)
    tell(2)
    await settled()
    expect(router.current).toEqual(profile('6'))
  })
})
