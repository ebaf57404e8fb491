import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CallView } from '$lib/backend'
import { call, desk as deskView, outside } from '$lib/backend/fake/scene'
import { ended, known, linked, owed } from '$lib/backend/fake/scenes/calls'
import { KATYA, TIMUR } from '$lib/backend/fake/people'
import { callName } from '$lib/calls'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import { columns, readKept } from '../src/pages/calls/columns.svelte'
import { callList } from '../src/pages/calls/list.svelte'
import { routeOf, rowsOf } from '../src/pages/calls/rows'
import Calls from '../src/pages/Calls.svelte'
import App from '../src/workspace/App.svelte'
import { stage } from './stage'

const NOON = new Date(2026, 10, 24, 14, 40)

beforeEach(() => {
  vi.useFakeTimers({ now: NOON, toFake: ['Date', 'performance'] })
})

afterEach(() => {
  vi.useRealTimers()
  callList.clear()
  callList.selected = null
  callList.expanded = null
  callList.history.reset()
  callList.sort = { by: 'time', ascending: false }
  columns.reset()
})

async function show(name: string) {
  const backend = await stage(name)
  render(Calls)
  await settled()
  return backend
}

/** The history has answered what is asked of it, and is drawn. */
async function settled() {
  await vi.waitFor(() => expect(callList.history.counted).not.toBeNull(), { timeout: 15_000 })
  await tick()
}

const rowOf = (id: string) => document.querySelector<HTMLElement>(`[data-row="${id}"]`)!
const inRow = (id: string) => within(rowOf(id))

function rowNames(): string[] {
  return screen.getAllByRole('rowheader').map((cell) => (cell.textContent ?? '').trim()).filter((text) => !text.includes('ноября'))
}

const focused = () => document.activeElement?.getAttribute('data-row')
const press = (code: string, element: Element = document.activeElement ?? document.body) => fireEvent.keyDown(element, { code })

describe('the list', () => {
  test('says for each call who, how it went, its case, and what Omnidesk still waits for', async () => {
    await show('ws-calls')
    const row = (id: string) => within(document.querySelector<HTMLElement>(`[data-row="${id}"]`)!)
    expect(row('missed-0').getByText('Пропущенный').className).toContain('lost')
    expect(row('missed-0').getByText('3 подряд · 23 с')).toBeTruthy()
    expect(row('katya').getByText('04:12')).toBeTruthy()
    expect(row('katya').getByLabelText('Ждёт отправки в Омнидеск')).toBeTruthy()
    expect(row('konstantin').getByText('Переведён на 207')).toBeTruthy()
    expect(row('dmitry').getByText('Перезвонили')).toBeTruthy()
    expect(row('dmitry').getByLabelText('Пропущенный, перезвонили')).toBeTruthy()
    expect(row('pavel').getByText('вызов 31 с')).toBeTruthy()
    expect(row('pavel').getByLabelText('Омнидеск не принял: нужно решение')).toBeTruthy()
    expect(row('elsewhere').getByText('Без обращения')).toBeTruthy()
    expect(row('withheld').getByText('Номер скрыт')).toBeTruthy()
  })

  test('has a heading for each day', async () => {
    await show('ws-calls')
    expect(screen.getByText('Сегодня, 24 ноября')).toBeTruthy()
    expect(screen.getByText('Вчера, 23 ноября')).toBeTruthy()
  })

  test('shows a live call on top with its state and running time', async () => {
    await show('ws-calls-live')
    const first = document.querySelector<HTMLElement>('tbody tr[data-row]')!
    expect(first.dataset.row).toBe('live')
    expect(first.textContent).toContain('Входящий звонок')
    expect(first.textContent).toContain('0:07')
  })

  test('a new call on top leaves the rows and the focus in them alone', async () => {
    await show('ws-calls')
    const row = rowOf('katya')
    row.focus()
    desk.apply({ ...desk.view, revision: desk.view.revision + 1, calls: [call({ id: 'new', offeredAt: NOON.getTime() }), ...desk.view.calls] })
    await tick()
    expect(rowOf('new')).toBeTruthy()
    expect(rowOf('katya')).toBe(row)
    expect(focused()).toBe('katya')
  })

  test('says what will appear here when it is empty', async () => {
    await show('ws-empty')
    expect(screen.getByRole('heading', { name: 'Звонков пока нет' })).toBeTruthy()
    expect(screen.getByText(/на внутренний 204/)).toBeTruthy()
    expect(screen.queryByRole('treegrid')).toBeNull()
  })

  test('s26_the_phone_column_can_be_switched_off', async () => {
    await show('ws-calls')
    expect(screen.getByRole('columnheader', { name: 'Телефон' })).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Столбцы' }))
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Телефон' }))
    expect(screen.queryByRole('columnheader', { name: 'Телефон' })).toBeNull()
    expect(readKept(localStorage.getItem('calls.columns')).hidden).toContain('phone')
  })

  test('s16_transfers_attempts_and_calls_never_placed_have_words_and_glyphs_of_their_own', async () => {
    await show('ws-calls-transfers')
    expect(inRow('from-102').getByText('Переведён от 102')).toBeTruthy()
    expect(inRow('from-102').getByLabelText('Переведён')).toBeTruthy()
    expect(inRow('to-207').getByText('Переведён на 207')).toBeTruthy()
    expect(inRow('passed-through').getByText('Переведён')).toBeTruthy()
    expect(inRow('passed-through').getByText('01:20 · Переведён от 102')).toBeTruthy()
    expect(inRow('attempt').getByText('Не ответил')).toBeTruthy()
    expect(inRow('not-picked-up').getByText('Вы не сняли трубку')).toBeTruthy()
    expect(inRow('not-placed').getByText('Звонок не начат')).toBeTruthy()
    expect(inRow('not-placed').getByText('Софтфон не подключён к АТС')).toBeTruthy()
  })

  test('d3_what_ringside_could_not_see_is_said_to_be_unknown_and_a_talk_to_be_at_least_so_long', async () => {
    await show('ws-calls-unseen')
    expect(inRow('unknown').getByText('Исход неизвестен')).toBeTruthy()
    expect(inRow('unknown').getByText(/^без связи с \d/)).toBeTruthy()
    expect(inRow('at-least').getByText('не менее 01:35')).toBeTruthy()
  })

  test('s28_a_missed_call_is_red_until_it_was_called_back', async () => {
    await show('ws-calls')
    expect(rowOf('missed-0').dataset.call).toBe('missed')
    expect(rowOf('dmitry').dataset.call).toBe('called-back')
  })
})

describe('the filter', () => {
  test('finds by name, by digits of the number, by case and by subject', async () => {
    await show('ws-calls')
    const filter = screen.getByRole('searchbox')
    for (const [query, name] of [['кожевн', 'Павел Кожевников'], ['9215550192', 'Мария Ветрова'], ['113861', 'Дмитрий Ли'], ['тарифу', 'Тимур Галиев']] as const) {
      await fireEvent.input(filter, { target: { value: query } })
      await vi.waitFor(() => {
        expect(rowNames().length, query).toBeGreaterThan(0)
        expect(rowNames().every((text) => text.startsWith(name)), query).toBe(true)
      })
    }
  })

  test('says so when nothing matches and can be taken off', async () => {
    await show('ws-calls')
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'ьфкшф' } })
    expect(await screen.findByText('По запросу «ьфкшф» звонков нет. Проверьте раскладку.')).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Снять фильтр' }))
    await vi.waitFor(() => expect(rowNames().length).toBe(10))
  })

  test('is reached by the physical key of the slash, also in the Russian layout, and Esc leaves it with its text', async () => {
    await show('ws-calls')
    await fireEvent.keyDown(document.body, { code: 'Slash', key: '.' })
    const filter = screen.getByRole<HTMLInputElement>('searchbox')
    expect(document.activeElement).toBe(filter)
    await fireEvent.input(filter, { target: { value: 'павел' } })
    await press('Escape', filter)
    expect(document.activeElement).not.toBe(filter)
    expect(filter.value).toBe('павел')
  })

  test('the segment of missed calls leaves those out that were called back', async () => {
    await show('ws-calls')
    await fireEvent.click(screen.getByRole('button', { name: /Пропущенные/ }))
    expect(rowNames()).toHaveLength(1)
    expect(rowNames()[0]).toContain('Гульнара Ахметзянова')
  })
})

describe('the keyboard', () => {
  test('moves with the arrows, Home and End, and stops at both ends', async () => {
    await show('ws-calls')
    await press('ArrowDown', document.body)
    expect(focused()).toBe('missed-0')
    await press('ArrowUp')
    expect(focused()).toBe('missed-0')
    await press('ArrowDown')
    expect(focused()).toBe('katya')
    expect(document.querySelectorAll('tr[tabindex="0"]')).toHaveLength(1)
    await press('End')
    await press('ArrowDown')
    expect(focused()).toBe('timur')
    await press('Home')
    expect(focused()).toBe('missed-0')
  })

  test('Enter opens the case of the row', async () => {
    await show('ws-calls')
    await press('ArrowDown', document.body)
    await press('ArrowDown')
    await press('Enter')
    expect(router.current).toEqual({ page: 'case', case: '482113907', call: null })
  })

  test('the arrow leads from the filter into the list', async () => {
    await show('ws-calls')
    await press('ArrowDown', screen.getByRole('searchbox'))
    expect(focused()).toBe('missed-0')
  })
})

describe('a click opens', () => {
  const live = (part: Partial<CallView>) => call({ phase: 'talking', ...part })

  test.each<[string, CallView, ReturnType<typeof routeOf>]>([
    ['the case of a live call, for that call', live({ case: linked('482-1', 'Тема') }), { page: 'case', case: '4821', call: 'call-1' }],
    ['the draft', live({ case: { type: 'draft' } }), { page: 'compose', call: 'call-1' }],
    ['the profile where there is no case', live({ caller: known(KATYA) }), { page: 'profile', user: KATYA.id, call: 'call-1' }],
    ['the search for a live unknown caller', live({ caller: { type: 'unknown' } }), { page: 'search', call: 'call-1' }],
    ['nothing for an unknown caller of the past', ended(0, 5, 0, { caller: { type: 'unknown' } }), null],
  ])('%s', (_, of, route) => {
    expect(routeOf(of)).toEqual(route)
  })

  test('the case by its number', async () => {
    await show('ws-calls')
    await fireEvent.click(screen.getByRole('link', { name: '482-113858' }))
    expect(router.current).toEqual({ page: 'case', case: '482113858', call: null })
  })
})

describe('the calls of the desk', () => {
  const calls = Array.from({ length: 70 }, (_, i) => ended(NOON.getTime() - i * 1000, 5, 60, { id: `c${i}` }))

  test('a page comes when its calls are there, and asks for no more than these', async () => {
    const old = { ...calls[60]!, case: linked('1-1', 'Тема') }
    const backend = await stage({ view: deskView({ calls: calls.map((one) => (one.id === old.id ? old : one)) }) })
    router.reset({ page: 'settings' })
    render(App)
    await vi.waitFor(() => expect(desk.view.calls).toHaveLength(12))
    router.go(routeOf(old)!)
    await vi.waitFor(() => expect(desk.call(old.id)).not.toBeNull())
    expect(desk.view.calls).toHaveLength(13)
    expect(backend.desk.mock.lastCall?.[0]).toMatchObject({ listed: 0, case: '11' })
  })

  test('are asked for when those who wait are looked at, and else the history tells of them', async () => {
    const backend = await stage({ view: deskView({ calls }), route: { page: 'calls' } })
    router.reset({ page: 'calls' })
    render(App)
    await settled()
    expect(document.querySelectorAll('tr[data-row]').length).toBeGreaterThan(12)
    expect(backend.desk.mock.lastCall?.[0].listed).toBe(0)
    await fireEvent.click(screen.getByRole('button', { name: /Пропущенные/ }))
    await vi.waitFor(() => expect(backend.desk.mock.lastCall?.[0].listed).toBe(1_000))
  })
})

describe('missed calls', () => {
  const missed = (id: string, at: number, number = '+7 (843) 555-01-62') => ended(at, 20, 0, { id, number: outside(number) })

  test('s27_missed_calls_of_one_case_share_a_row', () => {
    const of = (id: string, at: number, number: string) => ({ ...missed(id, at), case: linked(number, 'Пропущенный звонок') })
    const at = NOON.getTime()
    expect(rowsOf([of('b', at - 1000, '1-1'), of('a', at - 2000, '1-1')], [])).toHaveLength(1)
    expect(rowsOf([of('b', at - 1000, '1-2'), of('a', at - 2000, '1-1')], [])).toHaveLength(2)
  })
})

test('a colleague whose number was not kept is a colleague, and nobody who hid it', () => {
  const none = { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null } as const
  const past = { ...ended(0, 5, 60, {}), number: none, caller: { type: 'notLookedUp' }, pbxName: null } as CallView
  expect(callName({ ...past, direction: 'internal' })).toBe('Коллега')
  expect(callName({ ...past, direction: 'internal', pbxName: 'Отдел продаж' })).toBe('Отдел продаж')
  expect(callName({ ...past, direction: 'internal', number: { ...none, kind: 'extension', pretty: '102' } })).toBe('102')
  expect(callName({ ...past, direction: 'inbound' })).toBe('Номер скрыт')
})

test('the mark of a row shows the worst of what it owes', () => {
  const of = ended(1000, 5, 60, { id: 'a', caller: known(TIMUR), case: linked('1-1', 'Тема') })
  const sent = (...states: ('done' | 'queued' | 'wedged')[]) =>
    rowsOf([of], states.map((state, i) => owed({ id: `o${i}`, call: 'a', what: 'case', state })))[0]?.sent
  expect(sent('done')).toBe('done')
  expect(sent('done', 'queued')).toBe('waiting')
  expect(sent('queued', 'wedged', 'done')).toBe('wedged')
  expect(rowsOf([{ ...of, case: { type: 'none' } }], [])[0]?.sent).toBe('none')
})
