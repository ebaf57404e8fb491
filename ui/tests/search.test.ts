import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FoundUser, Result } from '$lib/backend'
import { KATYA, TIMUR } from '$lib/backend/fake/people'
import { desk } from '$lib/desk.svelte'
import { excerpt, pieces, rangesOf } from '$lib/marks'
import { router } from '$lib/router.svelte'
import Search from '../src/pages/Search.svelte'
import { PAUSE } from '../src/pages/search/search.svelte'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

async function show(name: string, call: string | null = 'call-1') {
  const backend = await stage(name)
  render(Search, { call })
  await tick()
  return backend
}

const input = () => screen.getByRole('combobox')

async function type(text: string) {
  await fireEvent.input(input(), { target: { value: text } })
}

/** The pause is over and the answer has come. */
async function settle() {
  await vi.advanceTimersByTimeAsync(PAUSE)
  await tick()
}

const key = (code: string) => fireEvent.keyDown(input(), { code })
const chosen = () => screen.getAllByRole('option').find((option) => option.getAttribute('aria-selected') === 'true')?.textContent

describe('searching', () => {
  test('asks once after a pause, not at each letter', async () => {
    const backend = await show('ws-search')
    for (const text of ['се', 'сев', 'север ']) {
      await type(text)
      await vi.advanceTimersByTimeAsync(PAUSE - 1)
    }
    expect(backend.searchUsers).not.toHaveBeenCalled()
    await settle()
    expect(backend.searchUsers.mock.calls).toEqual([['север']])
    expect(screen.getByText('Найдено 5')).toBeTruthy()
  })

  test('says that one letter is too short', async () => {
    const backend = await show('ws-search')
    await type('с')
    await settle()
    expect(screen.getByText('Поиск начинается с двух знаков.')).toBeTruthy()
    expect(backend.searchUsers).not.toHaveBeenCalled()
  })

  test('drops an answer that comes after the next question', async () => {
    const backend = await show('ws-search')
    const answers: ((result: Result<FoundUser[]>) => void)[] = []
    backend.searchUsers.mockImplementation(() => new Promise((resolve) => answers.push(resolve)))
    await type('север')
    await settle()
    await type('тимур')
    await settle()
    answers[1]?.({ status: 'ok', data: [{ user: TIMUR, dial: TIMUR.phones, matched: [{ field: 'name', text: TIMUR.name, ranges: [] }] }] })
    await tick()
    answers[0]?.({ status: 'ok', data: [{ user: KATYA, dial: KATYA.phones, matched: [{ field: 'name', text: KATYA.name, ranges: [] }] }] })
    await settle()
    expect(screen.getAllByRole('option')).toHaveLength(1)
    expect(screen.getByRole('option').textContent).toContain('Тимур Галиев')
  })

  test('shows that it is searching, and then that nobody was found, with the way on', async () => {
    await show('ws-search-nobody')
    await type('севир')
    expect(screen.getByText('Ищем')).toBeTruthy()
    await settle()
    expect(screen.getByText('По запросу «севир» никого нет. Проверьте раскладку или ищите по компании.')).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Создать новое обращение по звонку' }))
    expect(router.current).toEqual({ page: 'compose', call: 'call-1' })
  })

  test('says why it does not work while Omnidesk is away, and tries again', async () => {
    const backend = await show('ws-search-down')
    await type('север')
    await settle()
    expect(screen.getByRole('alert').textContent).toContain('Ответ не пришёл вовремя')
    backend.searchUsers.mockResolvedValue({ status: 'ok', data: [] })
    await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
    await settle()
    expect(screen.getByRole('heading', { name: 'Ничего не найдено' })).toBeTruthy()
  })

  test('an emptied field returns to the beginning', async () => {
    await show('ws-search')
    await type('север')
    await settle()
    await type('')
    expect(screen.queryByRole('listbox')).toBeNull()
    expect(screen.getByRole('heading', { name: 'Найдите пользователя' })).toBeTruthy()
  })
})

describe('a match', () => {
  test('s12_any_spelling_of_a_number_a_position_and_a_field_outside_the_card_are_named_and_marked', async () => {
    await show('ws-search-otherwise', null)
    await type('8 921 555-01-34')
    await settle()
    const options = screen.getAllByRole('option').map((option) => option.textContent)
    expect(options[0]).toContain('Телефон: +7 (921) 555-01-34')
    expect([...document.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['921) 555-01-34'])
    expect(options[1]).toContain('Должность: Снабжение')
    expect(options[2]).toContain('Поле «Номер договора»: СТ-2024/0318')
  })

  test('s12_the_filter_is_seen', async () => {
    await show('ws-search-plain', null)
    expect(screen.getByText('пользователи')).toBeTruthy()
  })

  test.each([
    ['+7 (921) 555-01-34', '89215550134', ['921) 555-01-34']],
    ['+7 (921) 555-01-34', '+7 921 555 01 34', ['7 (921) 555-01-34']],
    ['8-812-555-01-90', '555 01', ['555-01']],
    ['договор 12-04', '9215550134', []],
  ])('in %j the number %j is marked as %j', (text, query, marked) => {
    expect(pieces(text, rangesOf(text, query)).filter((piece) => piece.marked).map((piece) => piece.text)).toEqual(marked)
  })

  test('s12_is_marked_where_it_was_found_and_the_place_is_named', async () => {
    await show('ws-search')
    await type('север')
    await settle()
    const options = screen.getAllByRole('option').map((option) => option.textContent)
    expect([...document.querySelectorAll('mark')].map((mark) => mark.textContent)).toContain('Север')
    expect(options[0]).toContain('Совпало: компания')
    expect(options[2]).toContain('Email-адрес: o.lapteva@sever-opt.example')
    expect(options[3]).toContain('Заметка:')
    expect(options[4]).toContain('Поле «Регион доставки»: Северо-Западный')
  })

  test('never becomes markup', async () => {
    const from = scene('ws-search')
    await stage({ ...from, found: [{ user: { ...KATYA, name: '<b>север</b>' }, dial: KATYA.phones, matched: [{ field: 'name', text: '<b>север</b>', ranges: [] }] }] })
    render(Search, { call: 'call-1' })
    await type('север')
    await settle()
    expect(screen.getByRole('option').querySelector('b')).toBeNull()
    expect(screen.getByRole('option').textContent).toContain('<b>север</b>')
  })
})

describe('linking', () => {
  test('s13_enter_says_first_what_will_happen_and_then_links_the_number', async () => {
    const backend = await show('ws-search')
    await type('север')
    await settle()
    await key('ArrowDown')
    expect(chosen()).toContain('Северин')
    await key('ArrowUp')
    await key('Enter')
    const dialog = screen.getByRole('dialog')
    expect(dialog.textContent).toContain('Екатерина Воскресенская-Добролюбова')
    expect(dialog.textContent).toContain('+7 (812) 555-01-77 добавится в данные пользователя в Омнидеске')
    expect(backend.linkUser).not.toHaveBeenCalled()
    await fireEvent.click(screen.getByRole('button', { name: 'Связать' }))
    expect(backend.linkUser.mock.calls).toEqual([['call-1', KATYA.id]])
    await waitFor(() => expect(router.current).toEqual({ page: 'profile', user: KATYA.id, call: 'call-1' }))
  })

  test('a refusal is said and nothing is lost', async () => {
    await show('ws-search-link-refused')
    await type('север')
    await settle()
    await key('Enter')
    await fireEvent.click(screen.getByRole('button', { name: 'Связать' }))
    await tick()
    expect(screen.getByRole('alert').textContent).toContain('Связать не удалось. Омнидеск отклонил действие.')
    await fireEvent.click(screen.getByRole('button', { name: 'Отмена' }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.getAllByRole('option')).toHaveLength(5)
  })

  test('an answer to an older text cannot be accepted while a newer one is sought', async () => {
    await show('ws-search')
    await type('север')
    await settle()
    await type('северин')
    await key('Enter')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('without a call Enter opens the profile', async () => {
    await show('ws-search-plain', null)
    await type('север')
    await settle()
    await key('Enter')
    expect(router.current).toEqual({ page: 'profile', user: KATYA.id, call: null })
  })

  test('a hidden number is not offered for linking', async () => {
    await stage('ws-search')
    const [call] = desk.view.calls
    desk.apply({ ...desk.view, calls: [{ ...call!, number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null } }] })
    render(Search, { call: 'call-1' })
    await type('север')
    await settle()
    expect(screen.queryByText(/Связать с номером/)).toBeNull()
  })
})

describe('ranges', () => {
  const marked = (text: string, query: string) => pieces(text, rangesOf(text, query)).filter((piece) => piece.marked).map((piece) => piece.text)

  test.each([
    ['Северные технологии', 'СЕВЕР', ['Север']],
    ['Пётр Алёхин', 'петр алехин', ['Пётр', 'Алёхин']],
    ['o.lapteva@sever-opt.example', 'север', ['sever']],
    ['+7 (921) 555-01-34', '9215550', ['921) 555-0']],
    ['+7 (921) 555-01-34', '555-01', ['555-01']],
    ['аааа', 'аа', ['аааа']],
    ['İstanbul север', 'север', ['север']],
    ['ничего', 'север', []],
    ['a+b (c)', '+b (c', ['+b', '(c']],
  ])('of %j for %j', (text, query, expected) => {
    expect(marked(text, query)).toEqual(expected)
  })

  test('together are the whole text again', () => {
    for (const query of ['', ' ', 'е', 'север тех', '7']) {
      const text = '+7 (921) «Северные технологии»'
      expect(pieces(text, rangesOf(text, query)).map((piece) => piece.text).join('')).toBe(text)
    }
  })

  test('an excerpt keeps the match and says where something was left out', () => {
    const note = `${'слово '.repeat(30)}склад «Север» по вторникам ${'слово '.repeat(30)}`
    const { text, ranges } = excerpt(note, rangesOf(note, 'север'))
    expect(text).toContain('«Север»')
    expect(ranges.map(([from, to]) => text.slice(from, to))).toEqual(['Север'])
    expect(text.startsWith('…')).toBe(true)
    expect(text.endsWith('…')).toBe(true)
    expect(text.length).toBeLessThan(110)
    expect(excerpt('короткая\nзаметка', [])).toEqual({ text: 'короткая заметка', ranges: [] })
  })
})

describe('a number that is only begun', () => {
  const marked = (text: string, query: string) => pieces(text, rangesOf(text, query)).filter((piece) => piece.marked).map((piece) => piece.text)

  test.each([
    ['Поток 84', '8 916', []],
    ['+7 (916) 555-01-15', '8 916', ['916']],
    ['8 (916) 555-01-15', '8 916', ['8 (916']],
    ['+7 (491) 684-01-15', '8 916', []],
    ['Дом 84, корпус 8', 'дом 8', ['Дом', '8']],
    ['Договор 8, заявка 916', '89 16', []],
    ['ООО 48', '8', []],
    ['Контракт 2024/12', '12', ['12']],
  ])('in %s, %s marks %j: whole numbers, never a digit of another', (text, query, expected) => {
    expect(marked(text, query)).toEqual(expected)
  })
})
