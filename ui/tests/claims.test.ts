import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, describe, expect, test } from 'vitest'
import type { CallView, ClaimView, DeskView } from '$lib/backend'
import { ago, desk as deskView, outside } from '$lib/backend/fake/scene'
import { ended, linked } from '$lib/backend/fake/scenes/calls'
import { desk } from '$lib/desk.svelte'
import { claimNote, claimOf, claimWord, isTaken } from '$lib/claim'
import { setLanguage } from '$lib/i18n.svelte'
import { callList } from '../src/pages/calls/list.svelte'
import Calls from '../src/pages/Calls.svelte'
import { openSection } from '../src/pages/settings/section.svelte'
import Settings from '../src/pages/Settings.svelte'
import { stage } from './stage'

afterEach(() => {
  callList.clear()
  callList.selected = null
})

const claim = (state: ClaimView['state'], part: Partial<ClaimView> = {}): ClaimView => ({
  state,
  by: '31',
  name: 'Борис Ким',
  since: ago(300),
  until: ago(300) + 7_200_000,
  ...part,
})
const NUMBERS = ['+7 (916) 555-01-15', '+7 (921) 555-01-34', '+7 (843) 555-01-62']
const missed = (id: string, at: number, part: Partial<CallView> = {}) =>
  ended(ago(60 * at), 20, 0, { id, number: outside(NUMBERS[at]!), case: linked(`482-11390${at}`, 'Пропущенный'), ...part })

async function inbox(calls: CallView[], part: Partial<DeskView> = {}) {
  const backend = await stage({ view: deskView({ calls, ...part }) })
  callList.segment = 'missed'
  render(Calls)
  await tick()
  return backend
}

const row = (id: string) => document.querySelector<HTMLElement>(`tr[data-row=${id}]`)!
const at = () => (document.activeElement as HTMLElement).dataset.row
const next = () => fireEvent.click(screen.getByRole('button', { name: 'Следующий' }))

describe('who calls back', () => {
  test.each<[ClaimView, string, string, boolean]>([
    [claim('sending'), 'Вы перезваниваете|отправляется', 'You are calling back|sending', false],
    [claim('mine'), 'Вы перезваниваете|с 14:05', 'You are calling back|since 14:05', false],
    [claim('colleague'), 'Борис Ким|перезванивает с 14:05', 'Борис Ким|calling back since 14:05', true],
    [claim('colleague', { name: '' }), 'Коллега|перезванивает с 14:05', 'A colleague|calling back since 14:05', true],
    [claim('late'), 'Борис Ким|уже перезванивает с 14:05', 'Борис Ким|already calling since 14:05', true],
    [claim('late', { name: '' }), 'Коллега|уже перезванивает с 14:05', 'A colleague|already calling since 14:05', true],
    [claim('over', { until: null }), 'Уже разобрано|', 'Already dealt with|', true],
  ])('is said in words, with since when: %o', (claim, russian, english, taken) => {
    const words = () => {
      const at = { ...claim, since: claim.state === 'over' ? null : new Date().setHours(14, 5, 0, 0) }
      return `${claimWord(at)}|${claimNote(at)}`
    }
    expect([words(), isTaken(claim)]).toEqual([russian, taken])
    setLanguage('en')
    expect(words()).toBe(english)
  })

  test('is not said any more when it is too old', () => {
    const calls = [missed('a', 0, { claim: claim('colleague', { until: 1_000 }) }), missed('b', 1, { claim: claim('mine', { until: 2_000 }) })]
    expect([999, 1_000, 2_000].map((now) => claimOf(calls, now)?.state ?? null)).toEqual(['colleague', 'mine', null])
  })
})

describe('the missed inbox of an office whose agents say that they call back', () => {
  test('says in the row who and since when, and tells aloud who was first', async () => {
    await inbox([missed('a', 0), missed('b', 1, { claim: claim('colleague') }), missed('c', 2, { claim: claim('late') })])
    expect(row('a').textContent).toContain('Пропущенный')
    expect(row('b').textContent).toMatch(/Борис Ким\s*перезванивает с \d\d:\d\d/)
    expect(screen.getByRole('status').textContent).toMatch(/Борис Ким, уже перезванивает с \d\d:\d\d\./)
  })

  test('one key claims and the same key lets go', async () => {
    const backend = await inbox([missed('a', 0)])
    await next()
    await fireEvent.keyDown(document.activeElement!, { code: 'KeyT', ctrlKey: true })
    expect(backend.claim).not.toHaveBeenCalled()
    await fireEvent.keyDown(document.activeElement!, { code: 'KeyT' })
    expect(backend.claim).toHaveBeenLastCalledWith('a', true)
    await screen.findByText('Вы перезваниваете')
    screen.getByRole('button', { name: 'Не перезваниваю' })
    await fireEvent.keyDown(document.activeElement!, { code: 'KeyT' })
    expect(backend.claim).toHaveBeenLastCalledWith('a', false)
    await screen.findByRole('button', { name: 'Перезваниваю' })
  })

  test('«Следующий» comes to whom a colleague calls only when nobody else waits, and they can be called all the same', async () => {
    const backend = await inbox([missed('a', 0, { claim: claim('colleague') }), missed('b', 1), missed('c', 2, { claim: claim('mine') })])
    const order: (string | undefined)[] = []
    for (let i = 0; i < 3; i++) {
      await next()
      order.push(at())
    }
    expect(order).toEqual(['b', 'c', 'b'])
    row('a').focus()
    await fireEvent.keyDown(row('a'), { code: 'KeyT' })
    expect(backend.claim).not.toHaveBeenCalled()
    await fireEvent.keyDown(row('a'), { code: 'KeyC' })
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79165550115', '482113900', null)
  })

  test('comes to them in turn where all are taken', async () => {
    await inbox([missed('a', 0, { claim: claim('colleague') }), missed('b', 1, { claim: claim('late') })])
    await next()
    expect(at()).toBe('a')
    await next()
    expect(at()).toBe('b')
  })

  test('says that a client waits no more whose row goes when it is claimed', async () => {
    const backend = await inbox([missed('a', 0), missed('b', 1)])
    const over = claim('over', { by: '', name: '', since: null, until: null })
    backend.claim.mockImplementation(async (id) => {
      desk.view = deskView({ ...desk.view, calls: desk.view.calls.map((call) => (call.id === id ? { ...call, claim: over } : call)) })
      return { status: 'ok', data: null }
    })
    row('b').focus()
    await fireEvent.keyDown(row('b'), { code: 'KeyT' })
    await tick()
    expect(document.querySelectorAll('tr[data-row]')).toHaveLength(1)
    expect(screen.getByRole('status').textContent).toContain('Уже разобрано.')
    expect(document.querySelector('.notice')!.textContent).toContain('Уже разобрано.')
  })

  test('asks Omnidesk once when it is looked at, and never where other calls are', async () => {
    const backend = await stage({ view: deskView({ calls: [missed('a', 0)] }) })
    render(Calls)
    await tick()
    expect(backend.lookAtMissed).not.toHaveBeenCalled()
    callList.segment = 'missed'
    await tick()
    callList.query = 'и'
    await tick()
    expect(backend.lookAtMissed).toHaveBeenCalledOnce()
  })

  test('says why a claim did not come about', async () => {
    const backend = await inbox([missed('a', 0)])
    backend.claim.mockResolvedValue({ status: 'error', error: { trouble: 'refused', about: 'claimed' } })
    row('a').focus()
    await fireEvent.keyDown(row('a'), { code: 'KeyT' })
    expect((await screen.findByRole('alert')).textContent).toContain('коллега уже перезванивает')
  })

  test('offers nothing where the office does without', async () => {
    const backend = await inbox([missed('a', 0)], { claims: false })
    row('a').focus()
    await fireEvent.keyDown(row('a'), { code: 'KeyT' })
    expect(backend.claim).not.toHaveBeenCalled()
    expect(screen.queryByRole('button', { name: 'Перезваниваю' })).toBeNull()
  })
})

describe('the setting of the field', () => {
  test.each([
    ['cf_32', true, false],
    ['cf_32', false, true],
    ['', false, false],
  ])('%s, offered: %s', async (claimField, claims, gone) => {
    await stage({ view: deskView({ claims }), route: { page: 'settings' }, settings: { claimField } })
    openSection('cases')
    render(Settings)
    const field = await screen.findByLabelText<HTMLInputElement>('Поле «Перезванивает»')
    expect(field.value).toBe(claimField)
    expect(field.getAttribute('aria-invalid') === 'true').toBe(gone)
    expect(document.body.textContent?.includes('Такого поля обращения')).toBe(gone)
  })
})
