import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CallView, DeskView } from '$lib/backend'
import { call, desk as deskView, LINK_UP, outcome } from '$lib/backend/fake/scene'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import CallBar from '../src/workspace/CallBar.svelte'
import Trial from '../src/pages/Trial.svelte'
import { obstacleText, stepsOf, trialCall } from '../src/pages/trial/trial'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
})

const steps = () => screen.getAllByRole('listitem').map((step) => step.classList.contains('seen'))

/** The desk says that this is on. */
async function now(part: Partial<DeskView>) {
  desk.apply(deskView({ revision: desk.view.revision + 1, ...part }))
  await tick()
}

describe('the trial call', () => {
  test('d6_is_followed_from_the_ring_to_its_end_and_calls_of_before_are_none', async () => {
    const backend = await stage('ws-trial')
    router.reset({ page: 'trial' })
    const { unmount } = render(Trial)
    await tick()
    expect(backend.awaitTrial.mock.calls, 'its popup is shown').toEqual([[true]])
    const before = call({ id: 'old', phase: 'ended', offeredAt: Date.now() - 60_000, endedAt: Date.now() - 50_000 })
    await now({ calls: [before] })
    expect(steps()).toEqual([false, false, false, false, false])
    expect(screen.getByText(/набрать 204/)).toBeTruthy()

    const trial: CallView = call({ id: 'trial', direction: 'internal', offeredAt: Date.now() + 60_000, number: { ...before.number, kind: 'extension', pretty: '205' } })
    await now({ calls: [trial, before] })
    expect(steps()).toEqual([true, false, false, false, false])
    expect(screen.getByText('Телефон звонит: 205')).toBeTruthy()
    await now({ popup: ['trial'], calls: [trial, before] })
    expect(steps()).toEqual([true, true, false, false, false])
    await now({ popup: ['trial'], calls: [{ ...trial, phase: 'talking', answeredAt: Date.now() }, before] })
    expect(steps()).toEqual([true, true, true, false, false])
    // The popup is closed by hand: it was there.
    const ended: CallView = { ...trial, phase: 'ended', answeredAt: Date.now(), endedAt: Date.now() }
    await now({ popup: [], calls: [ended, before] })
    expect(steps()).toEqual([true, true, true, true, false])
    expect(screen.queryByRole('button', { name: 'Готово' })).toBeNull()
    await now({ popup: [], calls: [{ ...ended, outcome: outcome({ rule: 'S16', status: null, reason: 'internal' }) }, before] })
    expect(steps()).toEqual([true, true, true, true, true])
    expect(screen.getByText('Обращения нет: так и должно быть')).toBeTruthy()
    expect(screen.getByText(/Ringside видит ваши звонки/)).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Готово' }))
    expect(router.current).toEqual({ page: 'calls' })
    unmount()
    expect(backend.awaitTrial.mock.calls).toEqual([[true], [false]])
  })

  test('a colleague’s call is not asked to be filed', async () => {
    await stage('ws-trial-ringing')
    await now({ calls: [{ ...desk.view.calls[0]!, phase: 'talking', answeredAt: Date.now() }] })
    render(CallBar)
    expect(screen.getByRole('status').textContent).toContain('205')
    expect(screen.queryByText('Ещё не привязан')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Создать' })).toBeNull()
  })

  test('once more begins with nothing seen', async () => {
    const backend = await stage('ws-trial-over')
    render(Trial)
    await tick()
    expect(steps()).toEqual([true, true, true, true, true])
    // The clock has gone on.
    desk.apply(deskView({ revision: desk.view.revision + 1, now: Date.now() + 600_000, calls: desk.view.calls }))
    await fireEvent.click(screen.getByRole('button', { name: 'Ещё раз' }))
    expect(steps()).toEqual([false, false, false, false, false])
    expect(backend.awaitTrial.mock.calls).toEqual([[true], [true]])
  })

  test('a call like a client’s is said to be in Omnidesk', () => {
    const ended = call({ phase: 'ended', case: { type: 'sending', subject: '' }, outcome: outcome({ rule: 'S25', status: 'open', reason: 'missed' }) })
    expect(stepsOf(ended, true).at(-1)?.text).toBe('Звонок записан в Омнидеск, как звонок клиента')
  })

  test('one that nobody answered was seen all the same', async () => {
    await stage('ws-trial')
    render(Trial)
    await tick()
    await now({ calls: [call({ phase: 'ended', offeredAt: Date.now() + 60_000, endedAt: Date.now() + 62_000, outcome: outcome({ rule: 'S16', status: null, reason: 'internal' }) })] })
    expect(steps()).toEqual([true, false, false, true, true])
    expect(screen.getByText(/Трубку не взяли, но Ringside видел звонок/)).toBeTruthy()
  })

  test('can be skipped', async () => {
    await stage('ws-trial')
    router.reset({ page: 'trial' })
    render(Trial)
    await fireEvent.click(screen.getByRole('button', { name: 'Пропустить' }))
    expect(router.current).toEqual({ page: 'calls' })
  })

  test('says what is wrong: the line, the phone, or after a while that nothing came', () => {
    const well = deskView()
    expect(obstacleText(well, false)).toBeNull()
    expect(obstacleText(deskView({ pbx: { ...LINK_UP, state: 'down', trouble: 'badCredentials' } }), false)).toContain('АТС не на связи')
    expect(obstacleText({ ...well, agent: { ...well.agent, phoneOnline: false } }, false)).toContain('Софтфон 204 не подключён')
    expect(obstacleText({ ...well, agent: { ...well.agent, phoneOnline: null } }, true)).toContain('Звонка не видно')
  })

  test('is the newest call to this desk, and none that Ringside has dialled', () => {
    const at = (id: string, offeredAt: number, part: Partial<CallView> = {}) => call({ id, offeredAt, ...part })
    const calls = [at('a', 10), at('b', 20), at('c', 30, { ordered: true }), at('d', 40, { direction: 'outbound' })]
    expect(trialCall(calls, 5)?.id).toBe('b')
    expect(trialCall(calls, 21)).toBeNull()
    expect(trialCall(calls, Infinity)).toBeNull()
  })
})
