import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CallView } from '$lib/backend'
import { call } from '$lib/backend/fake/scene'
import { ended, linked } from '$lib/backend/fake/scenes/calls'
import { router } from '$lib/router.svelte'
import { columns } from '../src/pages/calls/columns.svelte'
import { callList } from '../src/pages/calls/list.svelte'
import { callAgain, rowsOf } from '../src/pages/calls/rows'
import Calls from '../src/pages/Calls.svelte'
import { stage } from './stage'

const NOON = new Date(2026, 10, 24, 14, 40)

beforeEach(() => {
  vi.useFakeTimers({ now: NOON, toFake: ['Date'] })
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

const press = (code: string, element: Element = document.activeElement ?? document.body) => fireEvent.keyDown(element, { code })

describe('calling again', () => {
  test('s33c_a_missed_call_is_called_back_from_its_case', async () => {
    const backend = await show('ws-calls')
    await fireEvent.click(inRow('missed-0').getByRole('button', { name: 'Перезвонить: +7 (843) 555-01-62' }))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+78435550162', '482113902', null)
    expect(router.current).toEqual({ page: 'calls' })
  })

  test('s22_an_attempt_from_a_case_is_repeated_from_there', async () => {
    const backend = await show('ws-calls-transfers')
    await fireEvent.click(inRow('attempt').getByRole('button', { name: 'Позвонить ещё раз: +7 (495) 555-01-20' }))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+74955550120', '482113858', null)
  })

  test('any other call is redialled for no case; a hidden or live one not at all', () => {
    const again = (of: CallView) => callAgain(rowsOf([of], [])[0]!)
    expect(again(ended(0, 5, 60, { case: linked('1-1', 'Тема') }))?.caseId).toBeNull()
    expect(again(ended(0, 5, 60, { number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null } }))).toBeNull()
    expect(again(call({ phase: 'talking' }))).toBeNull()
  })

  test('why a call did not begin is said above the list', async () => {
    const backend = await show('ws-calls')
    backend.dial.mockResolvedValue({ status: 'error', error: { trouble: 'unreachable', about: null } })
    await fireEvent.click(inRow('katya').getByRole('button', { name: /^Перезвонить/ }))
    expect((await screen.findByRole('alert')).textContent).toContain('Нет связи с АТС')
  })

  test('Enter on the handset dials and does not open the row', async () => {
    await show('ws-calls')
    const handset = inRow('katya').getByRole('button', { name: /^Перезвонить/ })
    await press('Enter', handset)
    expect(router.current).toEqual({ page: 'calls' })
  })
})

describe('more about a call', () => {
  const more = () => document.querySelector('tr.more')?.textContent?.replaceAll(/\s+/g, ' ') ?? ''

  test('s30_says_why_and_to_administrators_by_which_rule_and_takes_it_back_in_one_click', async () => {
    const backend = await show('ws-calls-transfers')
    await fireEvent.click(inRow('from-102').getByRole('button', { name: 'Подробнее' }))
    expect(more()).toContain('Статус «в ожидании», потому что вы ответили на звонок')
    const details = document.querySelector('tr.more details')!
    expect(details.textContent).toContain('правило S30')
    expect(details.querySelector('summary')!.textContent).toBe('Подробности для администратора')
    expect(details.hasAttribute('open')).toBe(false)
    expect(more()).toContain('Запись прикреплена к обращению')
    await fireEvent.click(screen.getByRole('button', { name: 'Отменить' }))
    expect(backend.undoOutcome).toHaveBeenCalledExactlyOnceWith('from-102')
    await vi.waitFor(() => expect(more()).toContain('Статус возвращён: «открытое»'))
  })

  test('s17_s33a_the_arrow_opens_it_and_the_closed_missed_case_can_be_reached', async () => {
    await show('ws-calls-transfers')
    await press('ArrowDown', document.body)
    await press('ArrowDown')
    await press('ArrowRight')
    expect(rowOf('to-207').getAttribute('aria-expanded')).toBe('true')
    expect(more()).toContain('Статус «закрытое», потому что вы перевели звонок')
    await fireEvent.click(screen.getByRole('link', { name: '482-113850' }))
    expect(router.current).toEqual({ page: 'case', case: '482113850', call: null })
    // Another desk's, whose number is not known here.
    await fireEvent.click(screen.getByRole('link', { name: 'Обращение по пропущенному звонку' }))
    expect(router.current).toEqual({ page: 'case', case: '482113851', call: null })
    await press('ArrowLeft', rowOf('to-207'))
    expect(more()).toBe('')
  })

  test('a case deleted meanwhile is said', async () => {
    await show('ws-calls-transfers')
    await fireEvent.click(inRow('moved').getByRole('button', { name: 'Подробнее' }))
    expect(more()).toContain('Обращение удалено в Омнидеске; звонок записан в новое')
  })

  test('s27_a_group_of_missed_calls_names_the_time_of_each', async () => {
    await show('ws-calls')
    await fireEvent.click(inRow('missed-0').getByRole('button', { name: 'Подробнее' }))
    expect(more()).toContain('Звонки: 14:19, 14:31, 14:38')
  })
})
