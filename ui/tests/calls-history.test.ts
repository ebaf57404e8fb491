/** All calls of the history: a long list of which only what is in sight is drawn. */
import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CallsQuery } from '$lib/backend'
import { call, desk as deskView, outside } from '$lib/backend/fake/scene'
import { ended, known, linked, talk } from '$lib/backend/fake/scenes/calls'
import { KATYA, TIMUR } from '$lib/backend/fake/people'
import { copyText } from '$lib/clipboard'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import { saveText } from '$lib/save-text'
import { columns, readKept } from '../src/pages/calls/columns.svelte'
import { Layout } from '../src/pages/calls/layout'
import { callList } from '../src/pages/calls/list.svelte'
import Calls from '../src/pages/Calls.svelte'
import App from '../src/workspace/App.svelte'
import { scene, stage } from './stage'

vi.mock('$lib/save-text', { spy: true })
vi.mock('$lib/clipboard', { spy: true })

const NOON = new Date(2026, 10, 24, 14, 40)

beforeEach(() => {
  vi.useFakeTimers({ now: NOON, toFake: ['Date', 'performance'] })
  vi.mocked(saveText).mockReset()
  vi.mocked(copyText).mockReset().mockResolvedValue(true)
})

afterEach(() => {
  vi.useRealTimers()
  callList.clear()
  callList.selected = callList.expanded = null
  callList.sort = { by: 'time', ascending: false }
  callList.history.reset()
  columns.reset()
})

/** A busy computer takes its time. */
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000 })

const rows = () => [...document.querySelectorAll<HTMLElement>('tr[data-row]')]
const ids = () => rows().map((row) => row.dataset.row)
const focused = () => document.activeElement?.getAttribute('data-row')
const press = (code: string, more: Partial<KeyboardEventInit> = {}, element: Element = document.activeElement ?? document.body) => fireEvent.keyDown(element, { code, ...more })

async function show(from: Parameters<typeof stage>[0]) {
  const backend = await stage(from)
  render(Calls)
  await until(() => expect([callList.history.counted !== null, rows().length > 0]).toEqual([true, true]))
  const asked = () => backend.callList.mock.lastCall?.[0] as CallsQuery
  return { backend, asked }
}

const minute = (i: number) => NOON.getTime() - i * 60_000
const many = (count: number) => Array.from({ length: count }, (_, i) => ended(minute(i), 5, 30, { id: `c${i}` }))
const withPast = (count: number) => ({ view: deskView(), past: many(count) })

describe('where rows stand', () => {
  const heights = { row: 40, day: 20, more: null }

  test('below the headings of their days and what a row above tells more of', () => {
    const layout = new Layout([{ day: 1, rows: 3 }, { day: 2, rows: 2 }], { ...heights, more: { place: 1, height: 100 } })
    expect([0, 1, 2, 3, 4].map((place) => layout.top(place))).toEqual([20, 60, 200, 260, 300])
    expect([layout.height, layout.rows, layout.lines]).toEqual([340, 5, 7])
    for (const [y, place] of [[-50, 0], [0, 0], [59, 0], [60, 1], [190, 1], [200, 2], [261, 3], [9_999, 4]] as const) expect([y, layout.at(y)]).toEqual([y, place])
  })

  test('what is not drawn leaves its height', () => {
    const layout = new Layout([{ day: 1, rows: 3 }, { day: 2, rows: 100_000 }], heights)
    const heightOf = (places: number[]) =>
      layout.items(places).reduce((sum, item) => sum + (item.type === 'gap' ? item.height : item.type === 'day' ? heights.day : heights.row), 0)
    for (const places of [[], [0], [3], [0, 1, 2, 3], [2, 50_000, 50_001], [100_002]]) expect([places, heightOf(places)]).toEqual([places, layout.height])
    expect(layout.items([3]).map(({ type }) => type)).toEqual(['gap', 'day', 'row', 'gap'])
    expect(layout.items([4]).at(-2)).toMatchObject({ place: 4, index: 6 })
    expect(new Layout([], heights).items([])).toEqual([])
    expect(new Layout([{ day: null, rows: 2 }], heights).top(1)).toBe(40)
  })
})

describe('very many calls', () => {
  test('are a list of which only what is in sight is drawn and asked for', async () => {
    const { backend } = await show(withPast(3_000))
    const table = screen.getByRole('treegrid')
    expect(rows().length).toBeLessThan(60)
    expect(Number(table.getAttribute('aria-rowcount'))).toBeGreaterThan(3_000)
    expect(rows()[0]!.getAttribute('aria-rowindex')).toBe('3')
    expect(backend.callList.mock.calls.every(([query]) => query.count <= 100)).toBe(true)
    expect(callList.history.rows.size).toBeLessThanOrEqual(100)
  })

  test('are gone through by keys, and their rows come when they are reached', async () => {
    await show(withPast(3_000))
    await press('ArrowDown')
    await until(() => expect(focused()).toBe('c0'))
    await press('End')
    await until(() => expect(focused()).toBe('c2999'))
    expect(rows().length).toBeLessThan(60)
    await press('PageUp')
    await until(() => expect(Number(focused()!.slice(1))).toBeLessThan(2_990))
    const before = Number(focused()!.slice(1))
    await press('PageDown')
    await until(() => expect(Number(focused()!.slice(1))).toBeGreaterThan(before))
    await press('Home')
    await until(() => expect(focused()).toBe('c0'))
    expect(document.querySelectorAll('tr[tabindex="0"]')).toHaveLength(1)
  })
})

describe('what changes while one looks', () => {
  test('a call that ends stays where it is and goes into the history', async () => {
    const on = call({ id: 'on', phase: 'talking', offeredAt: minute(0), answeredAt: minute(0) })
    const { backend } = await show({ view: deskView({ calls: [on] }), past: many(30).slice(1) })
    expect(ids()[0]).toBe('on')
    const over = ended(minute(0), 5, 60, { id: 'on' })
    desk.apply({ ...desk.view, revision: desk.view.revision + 1, calls: [over] })
    await tick()
    expect(ids()[0]).toBe('on')
    expect(ids().filter((id) => id === 'on')).toHaveLength(1)
    await until(() => expect(backend.callList.mock.calls.length).toBeGreaterThan(1))
  })

  test('is drawn anew, with the focus where it was', async () => {
    const from = { view: deskView({ calls: many(5) }) }
    await show(from)
    await press('ArrowDown')
    await press('ArrowDown')
    await until(() => expect(focused()).toBe('c1'))
    const element = document.activeElement
    desk.apply({ ...desk.view, revision: desk.view.revision + 1, calls: desk.view.calls.map((one) => ({ ...one, case: linked('482-9', 'Новая тема') })) })
    await until(() => expect(element!.textContent).toContain('Новая тема'))
    expect(document.activeElement === element).toBe(true)
  })

  test('many changes at once are few questions', async () => {
    const { backend } = await show(withPast(300))
    const before = backend.callList.mock.calls.length
    for (let i = 1; i <= 50; i++) desk.apply({ ...desk.view, revision: desk.view.revision + i })
    await tick()
    await until(() => expect(backend.callList.mock.calls.length).toBeGreaterThan(before))
    expect(backend.callList.mock.calls.length - before).toBeLessThan(5)
  })
})

describe('filters and order', () => {
  const open = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

  test('are asked of the back end, shown as chips and taken off by a press', async () => {
    const { asked } = await show('ws-calls-history')
    await open('Фильтры')
    const panel = within(screen.getByRole('group', { name: 'Фильтры' }))
    await fireEvent.change(panel.getByLabelText('За какое время'), { target: { value: 'today' } })
    await fireEvent.change(panel.getByLabelText('Линия'), { target: { value: 'Продажи' } })
    for (const name of ['Не перезвонили', 'Только мои', 'Без обращения']) await fireEvent.click(panel.getByRole('checkbox', { name }))
    const today = new Date(2026, 10, 24).getTime()
    await until(() => expect(asked()).toMatchObject({ from: today, line: 'Продажи', notCalledBack: true, mine: true, withoutCase: true }))
    for (const name of ['Сегодня', 'Линия: Продажи', 'Не перезвонили', 'Только мои', 'Без обращения']) await fireEvent.click(screen.getByRole('button', { name: `Снять фильтр: ${name}` }))
    await until(() => expect(asked()).toMatchObject({ from: null, line: null, notCalledBack: false, mine: false, withoutCase: false }))
    expect(screen.queryByRole('button', { name: /^Снять фильтр:/ })).toBeNull()
    await press('Escape', {}, screen.getByRole('group', { name: 'Фильтры' }))
    expect(screen.queryByRole('checkbox', { name: 'Только мои' })).toBeNull()
  })

  test('s28_missed_calls_that_nobody_answered_since_are_found', async () => {
    const calls = [
      ended(minute(1), 9, 0, { id: 'waits', number: outside('+7 (843) 555-01-62') }),
      ended(minute(2), 9, 0, { id: 'called', number: outside('+7 (916) 555-01-15'), talkedLater: talk('outbound', minute(1), 3, 60) }),
      ended(minute(3), 9, 60, { id: 'talked' }),
    ]
    await show({ view: deskView({ calls }) })
    callList.set('notCalledBack', true)
    await until(() => expect(ids()).toEqual(['waits']))
  })

  test('a heading sorts, and the other way round when it is pressed again', async () => {
    const calls = [
      ended(minute(1), 5, 60, { id: 'short', line: 'Б' }),
      ended(minute(2), 5, 600, { id: 'long', line: 'А' }),
      ended(minute(60 * 24), 5, 300, { id: 'yesterday', line: 'В' }),
    ]
    await show({ view: deskView({ calls }) })
    columns.toggle('line')
    columns.toggle('duration')
    await tick()
    const head = (name: string) => screen.getByRole('columnheader', { name })
    expect(head('Время').getAttribute('aria-sort')).toBe('descending')
    const sort = (name: string) => fireEvent.click(within(head(name)).getByRole('button'))
    await sort('Разговор')
    await until(() => expect(ids()).toEqual(['long', 'yesterday', 'short']))
    expect([head('Разговор').getAttribute('aria-sort'), head('Время').getAttribute('aria-sort')]).toEqual(['descending', null])
    expect(screen.queryByText(/^Вчера,/)).toBeNull()
    expect(rows()[1]!.textContent, 'the day stands with the time').toContain('23 ноя')
    await sort('Линия')
    await until(() => expect(ids()).toEqual(['long', 'short', 'yesterday']))
    await sort('Линия')
    await until(() => expect(ids()).toEqual(['yesterday', 'short', 'long']))
  })

  test('stay while other pages are open', async () => {
    const { asked } = await show('ws-calls-history')
    callList.set('withoutCase', true)
    callList.sortBy('name')
    await until(() => expect(asked()).toMatchObject({ sort: 'name', ascending: true }))
    callList.sortBy('talk')
    await until(() => expect(asked()).toMatchObject({ withoutCase: true, sort: 'talk' }))
    document.body.innerHTML = ''
    render(Calls)
    await tick()
    expect(asked()).toMatchObject({ withoutCase: true, sort: 'talk' })
  })
})

describe('columns', () => {
  const heads = () => screen.getAllByRole('columnheader').map((head) => head.textContent!.trim())
  const button = (name: string) => within(screen.getByRole('columnheader', { name })).getByRole('button')

  test('s26_are_chosen_moved_and_resized_by_keys_and_remembered', async () => {
    await show('ws-calls')
    expect(heads()).toEqual(['Вид', 'Клиент', 'Телефон', 'Итог', 'Обращение', 'Время', 'Передано в Омнидеск'])
    await fireEvent.click(screen.getByRole('button', { name: 'Столбцы' }))
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Клиент' }).disabled).toBe(true)
    for (const name of ['Направление', 'Линия', 'Разговор', 'Запись']) await fireEvent.click(screen.getByRole('checkbox', { name }))
    expect(rows()[0]!.querySelectorAll('td, th')).toHaveLength(11)
    button('Телефон').focus()
    await press('ArrowLeft', { altKey: true })
    expect(heads().slice(1, 3)).toEqual(['Телефон', 'Клиент'])
    await press('ArrowRight', { altKey: true })
    await tick()
    expect(document.activeElement === button('Телефон')).toBe(true)
    await press('ArrowRight', { shiftKey: true })
    const kept = readKept(localStorage.getItem('calls.columns'))
    expect(kept.hidden).toEqual([])
    expect(kept.order.slice(0, 2)).toEqual(['client', 'phone'])
    expect(kept.widths.phone).toBeGreaterThan(0)
    await fireEvent.click(screen.getByRole('button', { name: 'Вернуть обычные' }))
    expect(heads()).toHaveLength(7)
    expect(localStorage.getItem('calls.columns')).toBeNull()
  })

  test('a key that moves a column leads to no other page', async () => {
    await stage('ws-calls')
    router.reset({ page: 'settings' })
    router.go({ page: 'calls' })
    render(App)
    await until(() => expect(rows().length).toBeGreaterThan(0))
    button('Телефон').focus()
    await press('ArrowLeft', { altKey: true })
    expect(router.current).toEqual({ page: 'calls' })
  })

  test.each([null, '', '{', '[]', '7', '{"order":["client","x",7,"sent","sent"],"hidden":["client","phone"],"widths":{"phone":1e9,"case":"wide","line":140}}'])('what is kept as %j breaks nothing', (text) => {
    const { order, hidden, widths } = readKept(text)
    expect([...order].sort()).toEqual(['case', 'client', 'direction', 'duration', 'line', 'outcome', 'phone', 'recording', 'sent', 'time'])
    expect(hidden).not.toContain('client')
    expect(widths).toEqual(text?.includes('140') ? { line: 140 } : {})
  })
})

describe('the keyboard in a row', () => {
  test('Ctrl C copies the number, and who it was where there is none; C calls back', async () => {
    const { backend } = await show('ws-calls')
    const at = (id: string) => document.querySelector<HTMLElement>(`[data-row="${id}"]`)!
    at('katya').focus()
    await press('KeyC', { ctrlKey: true })
    expect(copyText).toHaveBeenLastCalledWith('+79215550134')
    at('withheld').focus()
    await press('KeyC', { ctrlKey: true })
    expect(copyText).toHaveBeenLastCalledWith('Номер скрыт')
    expect(backend.dial).not.toHaveBeenCalled()
    at('katya').focus()
    await press('KeyC')
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79215550134', null, null)
  })
})

describe('saving the list', () => {
  const save = () => fireEvent.click(screen.getByRole('button', { name: 'Сохранить список (CSV)' }))
  const saved = () => (vi.mocked(saveText).mock.lastCall?.[1] as string[]).join('').slice(1).split('\r\n')

  test('writes every call that the filters let through, in bounded parts, the oldest first', async () => {
    const { backend } = await show(withPast(1_234))
    backend.callList.mockClear()
    await save()
    await until(() => expect(saveText).toHaveBeenCalled())
    const lines = saved()
    expect(lines).toHaveLength(1 + 1_234 + 1)
    expect(lines[0]).toBe('Начало,Направление,Клиент,Компания,Телефон,Линия,Итог,"Разговор, с",Обращение,Тема,Запись')
    expect(lines.at(-2)).toBe("2026-11-24 14:40:00,Входящий,'+7 (921) 555-01-34,,'+7 (921) 555-01-34,Поддержка,Разговор,30,,,".replaceAll('\u00A0', ' '))
    expect(backend.callList.mock.calls.every(([query]) => query.count <= 500 && query.apart)).toBe(true)
    expect(vi.mocked(saveText).mock.lastCall?.[0]).toBe('Звонки.csv')
  })

  test('names each call of a row, and no text in it is a formula', async () => {
    await show(scene('ws-calls-hostile'))
    await save()
    await until(() => expect(saveText).toHaveBeenCalled())
    expect(saved().join('\n')).toContain(`"'=HYPERLINK(""http://x.example"",""счёт"")"`)
  })

  test('is asked about while what is personal is hidden', async () => {
    await show({ view: deskView({ calls: [ended(minute(1), 5, 60, { caller: known(KATYA) })], private: true }) })
    await save()
    const asks = within(screen.getByRole('dialog', { name: 'Сохранить с именами и номерами?' }))
    await fireEvent.click(asks.getByRole('button', { name: 'Отмена' }))
    expect(saveText).not.toHaveBeenCalled()
    await save()
    await fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Сохранить' }))
    await until(() => expect(saveText).toHaveBeenCalledOnce())
  })

  test('says so when the calls cannot be read', async () => {
    const { backend } = await show({ view: deskView({ calls: [ended(minute(1), 5, 60, { caller: known(TIMUR) })] }) })
    backend.callList.mockResolvedValue({ status: 'error', error: { trouble: 'refused', about: 'storage' } })
    await save()
    expect((await screen.findByRole('alert')).textContent).toContain('Список не сохранён')
    expect(saveText).not.toHaveBeenCalled()
  })
})

test('texts that break other tables stand in theirs, whole for whoever points at them', async () => {
  await show('ws-calls-hostile')
  columns.toggle('line')
  await tick()
  expect(ids()).toEqual(['rtl', 'emoji', 'long', 'text'])
  expect(document.querySelector('img')).toBeNull()
  const row = document.querySelector<HTMLElement>('[data-row="long"]')!
  expect(row.querySelector('th [data-tip]')!.getAttribute('data-tip')!.length).toBe(10_000)
  expect(row.querySelectorAll('td, th').length).toBe(8)
})

test('a file that cannot be read is said, and asked again', async () => {
  const backend = await stage('ws-calls')
  backend.callList.mockResolvedValueOnce({ status: 'error', error: { trouble: 'refused', about: 'storage' } })
  render(Calls)
  expect(await screen.findByRole('heading', { name: 'Звонки не прочитаны' })).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
  await until(() => expect(rows().length).toBeGreaterThan(0))
})
