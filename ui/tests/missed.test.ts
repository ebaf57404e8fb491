import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, describe, expect, test } from 'vitest'
import type { CallView } from '$lib/backend'
import { KATYA } from '$lib/backend/fake/people'
import { ago, desk as deskView, outside } from '$lib/backend/fake/scene'
import { ended, known, linked, talk } from '$lib/backend/fake/scenes/calls'
import { setLanguage } from '$lib/i18n.svelte'
import { callList } from '../src/pages/calls/list.svelte'
import { ageOf, waitingRows } from '../src/pages/calls/rows'
import Calls from '../src/pages/Calls.svelte'
import { stage } from './stage'

afterEach(() => {
  callList.clear()
  callList.selected = null
})

const HOUR = 3600
const missed = (id: string, seconds: number, part: Partial<CallView> = {}) => ended(ago(seconds), 20, 0, { id, ...part })
const OTHER = { number: outside('+7 (916) 555-01-15') }
const HIDDEN = { number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null }, caller: { type: 'withheld' } } as const

async function show(calls: CallView[]) {
  const backend = await stage({ view: deskView({ calls }) })
  callList.segment = 'missed'
  render(Calls)
  await tick()
  return backend
}

describe('the missed inbox', () => {
  test('s27_has_a_row_a_person_however_often_and_by_whichever_number_they_called', () => {
    const calls = [
      missed('a3', 60, { caller: known(KATYA), ...OTHER }),
      missed('b', 90),
      missed('a2', 2 * HOUR, { caller: known(KATYA) }),
      missed('hidden-2', 3 * HOUR, HIDDEN),
      missed('hidden-1', 4 * HOUR, HIDDEN),
      missed('a1', 50 * HOUR, { caller: known(KATYA) }),
      missed('done', 60 * HOUR, { ...OTHER, talkedLater: talk('outbound', ago(55 * HOUR), 3, 60) }),
    ]
    const rows = waitingRows(deskView({ calls }).calls, [])
    expect(rows.map((row) => row.calls.map((call) => call.id))).toEqual([['a3', 'a2', 'a1'], ['b'], ['hidden-2'], ['hidden-1']])
    expect(rows.map((row) => ageOf(row, Date.now()))).toEqual(['2 дн', '1 мин', '3 ч', '4 ч'])
    setLanguage('en')
    expect(ageOf(rows[0]!, Date.now())).toBe('2 d')
  })

  test('s33c_one_key_calls_back_from_the_case_and_the_next_one_is_a_step_away', async () => {
    const backend = await show([missed('a', 60, { case: linked('482-113902', 'Пропущенный') }), missed('b', 90, OTHER)])
    await fireEvent.click(screen.getByRole('button', { name: 'Следующий' }))
    const at = () => document.activeElement as HTMLElement
    expect(at().dataset.row).toBe('a')
    await fireEvent.keyDown(at(), { code: 'KeyC', ctrlKey: true })
    expect(backend.dial).not.toHaveBeenCalled()
    await fireEvent.keyDown(at(), { code: 'KeyC' })
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79215550134', '482113902', null)
    await fireEvent.click(screen.getByRole('button', { name: 'Следующий' }))
    expect(at().dataset.row).toBe('b')
    await fireEvent.click(screen.getByRole('button', { name: 'Следующий' }))
    expect(at().dataset.row).toBe('a')
  })

  test('nobody waits: it says so, also where there were other calls', async () => {
    await show([ended(ago(60), 5, 30, { id: 'talked' })])
    expect(screen.getByRole('heading', { name: 'Пропущенных нет' })).toBeTruthy()
  })

  test('two hundred open missed calls of forty people are forty rows', async () => {
    const of = (i: number) => missed(`m${i}`, 60 * i, { number: outside(`+7 (916) 555-${String(1000 + (i % 40)).replace(/^(..)/, '$1-')}`) })
    await show(Array.from({ length: 200 }, (_, i) => of(i)))
    const rows = document.querySelectorAll('tr[data-row]')
    expect(rows).toHaveLength(40)
    expect(rows[0]!.textContent).toContain('5 подряд')
  })
})
