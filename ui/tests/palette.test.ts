/** The palette: what it finds, in which order, by which keys, and that it asks no more than the search does. */
import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { readFileSync } from 'node:fs'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DialPreview } from '$lib/backend'
import { KATYA } from '$lib/backend/fake/people'
import { bare } from '$lib/bidi'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import { veiled } from '$lib/veil'
import App from '../src/workspace/App.svelte'
import { closing } from '../src/workspace/closing.svelte'
import { commands } from '../src/workspace/palette/commands'
import { over } from '../src/workspace/palette/open.svelte'
import { caseNumber, fitting } from '../src/workspace/palette/rank'
import { PAUSE } from '../src/pages/search/search.svelte'
import { scene, stage } from './stage'

const PREVIEW: DialPreview = { kind: 'external', pretty: '+7 (916) 123-45-67', extension: null, dial: '+79161234567', caution: null, others: [], user: null }

beforeEach(() => void vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 32, 0), toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => {
  over.what = null
  setLanguage('ru')
  vi.useRealTimers()
})

async function open(from: string | ReturnType<typeof scene> = 'ws-search-plain') {
  const backend = await stage(from)
  router.reset({ page: 'calls' })
  render(App)
  await tick()
  await fireEvent.keyDown(window, { code: 'KeyK', key: 'л', ctrlKey: true })
  return backend
}

const palette = () => screen.getByRole('dialog', { name: 'Поиск и команды' })
const field = () => within(palette()).getByRole<HTMLInputElement>('combobox')
const options = () => within(palette()).queryAllByRole('option').map((option) => bare(option.querySelector('.cut')?.textContent ?? ''))
const chosen = () => bare(within(palette()).queryByRole('option', { selected: true })?.querySelector('.cut')?.textContent ?? '')
const press = (code: string) => fireEvent.keyDown(field(), { code, key: code })

async function write(text: string) {
  await fireEvent.input(field(), { target: { value: text } })
  await vi.advanceTimersByTimeAsync(PAUSE)
}

test('Ctrl K opens it over the page with the keyboard in its field, and once more or Esc closes it', async () => {
  await open()
  expect(document.activeElement).toBe(field())
  expect(options().length).toBeGreaterThan(3)
  await fireEvent.keyDown(field(), { code: 'KeyK', key: 'k', ctrlKey: true })
  expect(over.what).toBeNull()
  await fireEvent.keyDown(window, { code: 'KeyK', key: 'k', ctrlKey: true })
  await fireEvent(palette(), new Event('cancel', { cancelable: true }))
  expect(screen.queryByRole('combobox')).toBeNull()
})

test('the field owns the list, and the chosen row is told as its own', async () => {
  await open()
  await write('тема')
  const list = within(palette()).getByRole('listbox')
  expect(field().getAttribute('aria-controls')).toBe(list.id)
  expect(field().getAttribute('aria-expanded')).toBe('true')
  const active = () => document.getElementById(field().getAttribute('aria-activedescendant') ?? '')
  expect(active()?.getAttribute('aria-selected')).toBe('true')
  const all = options()
  await press('ArrowDown')
  expect([chosen(), active()?.getAttribute('aria-selected')]).toEqual([all[1], 'true'])
  await press('End')
  expect(chosen()).toBe(all.at(-1))
  await press('ArrowDown')
  expect(chosen(), 'round to the first').toBe(all[0])
  await press('ArrowUp')
  expect(chosen()).toBe(all.at(-1))
  await press('Home')
  expect(chosen()).toBe(all[0])
})

test('of users it asks what the search page does: once after a pause, nothing for one sign, and the last answer counts', async () => {
  const backend = await open()
  for (const text of ['с', 'се', 'сев', 'севе', 'север']) await fireEvent.input(field(), { target: { value: text } })
  await vi.advanceTimersByTimeAsync(PAUSE)
  expect(backend.searchUsers.mock.calls).toEqual([['север']])
  expect(options()).toContain('Северин Станислав Аркадьевич')
  expect(backend.readNumber).not.toHaveBeenCalled()
  await write('с')
  expect(backend.searchUsers).toHaveBeenCalledTimes(1)
  expect(options()).not.toContain('Северин Станислав Аркадьевич')
})

test('whom a former text found is not there to be opened by another one', async () => {
  await open()
  await write('северин')
  expect(options()).toContain('Северин Станислав Аркадьевич')
  // The next answer is on its way.
  await fireEvent.input(field(), { target: { value: 'zzzqqq' } })
  expect(options()).not.toContain('Северин Станислав Аркадьевич')
  await fireEvent.keyDown(field(), { code: 'Enter', key: 'Enter' })
  expect(router.current).toEqual({ page: 'calls' })
})

test('a person opens their profile', async () => {
  await open()
  await write('северин')
  await fireEvent.click(within(palette()).getByText('Северин', { exact: false, selector: 'mark' }))
  expect(router.current).toEqual({ page: 'profile', user: '521', call: null })
  expect(over.what).toBeNull()
})

test('a number comes first, is read before a quick Enter, and is dialled by the usual way', async () => {
  const backend = await open()
  backend.readNumber.mockResolvedValue(PREVIEW)
  await fireEvent.input(field(), { target: { value: '89161234567' } })
  await press('Enter')
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.dial.mock.calls).toEqual([['+79161234567', null, null]])
  expect(over.what).toBeNull()
})

test('what is doubtful about a number is asked over the palette, and no leaves everything as it was', async () => {
  const backend = await open()
  backend.readNumber.mockResolvedValue(PREVIEW)
  backend.dial.mockResolvedValue({ status: 'ok', data: { type: 'held', caution: { doubt: 'premium', never: false, number: '+7 (916) 123-45-67', country: 'RU' } } })
  await write('89161234567')
  expect(options()[0]).toBe('Позвонить +7 (916) 123-45-67')
  await press('Enter')
  await vi.advanceTimersByTimeAsync(0)
  const question = screen.getAllByRole('dialog').at(-1)!
  expect(question).not.toBe(palette())
  await fireEvent.click(within(question).getByRole('button', { name: 'Отмена' }))
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.dial).toHaveBeenCalledTimes(1)
  expect(over.what).toBe('palette')
})

test.each([
  ['664-245651', '664-245651'],
  [' № 664-245651 ', '664-245651'],
  ['#664-245651', '664-245651'],
  ['664245651', null],
  ['8-916-123-45-67', null],
  ['../users', null],
])('%s is the number of a case: %s', (text, number) => {
  expect(caseNumber(text)).toBe(number)
})

test('a case opens by its number, and one that is not there is said to be none', async () => {
  const backend = await open()
  backend.caseByNumber.mockResolvedValueOnce({ status: 'error', error: { trouble: 'gone', about: null } })
  await write('664-245651')
  expect(options()[0]).toBe('Открыть обращение 664-245651')
  await press('Enter')
  await vi.advanceTimersByTimeAsync(0)
  expect(within(palette()).getByRole('alert').textContent).toBe('В Омнидеске нет обращения 664-245651.')
  backend.caseByNumber.mockResolvedValueOnce({ status: 'ok', data: '77' })
  await press('Enter')
  await vi.advanceTimersByTimeAsync(0)
  expect(router.current).toEqual({ page: 'case', case: '77', call: null })
})

test('who has turned away before Omnidesk answers stays where they are', async () => {
  const backend = await open()
  let answer: (found: { status: 'ok'; data: string }) => void = () => {}
  backend.caseByNumber.mockImplementation(() => new Promise((resolve) => (answer = resolve)))
  await write('664-245651')
  await press('Enter')
  await fireEvent(palette(), new Event('cancel', { cancelable: true }))
  answer({ status: 'ok', data: '77' })
  await vi.advanceTimersByTimeAsync(0)
  expect(router.current).toEqual({ page: 'calls' })
})

test('a press on a row leaves the keyboard in the field', async () => {
  await open()
  const row = within(palette()).getAllByRole('option')[0]!
  expect(await fireEvent.mouseDown(row)).toBe(false)
})

test('what stood over the pages does not come back with them', async () => {
  await open()
  const { view } = desk
  desk.view = { ...view, stage: { type: 'starting' } }
  await tick()
  expect(over.what).toBeNull()
  desk.view = view
  await tick()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('cases of the last calls are found by their subject', async () => {
  await open('ws-calls')
  const linked = desk.view.calls.map((call) => call.case).find((of) => of.type === 'linked')
  if (linked?.type !== 'linked') throw new Error('no case in the scene')
  await write(linked.subject)
  expect(options()).toContain(linked.subject)
})

describe('commands', () => {
  test('those that begin so come before those with such a word', async () => {
    await open()
    const titles = (text: string) => fitting(commands(), text).map(({ of, title }) => (of === null ? title : `${of}: ${title}`))
    expect(titles('звонки')[0]).toBe('Звонки')
    expect(titles('темная')).toEqual(['Тема: Тёмная'])
    expect(titles('при 30')).toEqual(['Приостановить карточки: На 30 минут'])
    expect(titles('настр фраз')).toEqual(['Настройки: Фразы'])
    expect(titles('ыыы')).toEqual([])
  })

  test('each name is said once, in both languages', async () => {
    await open('ws-profile')
    for (const language of ['ru', 'en']) {
      setLanguage(language)
      const said = commands().map(({ of, title }) => `${of}: ${title}`)
      expect(new Set(said).size).toBe(said.length)
      const ids = commands().map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  test.each([
    ['приостановить на 30', 'pausePopups', [{ type: 'minutes', minutes: 30 }]],
    ['до завтра', 'pausePopups', [{ type: 'tomorrow' }]],
    ['скрыть личное', 'hidePersonal', [true]],
    ['набрать номер', 'openDial', []],
    ['пробный', 'showTestCall', []],
  ] as const)('«%s» does what its button does', async (text, command, args) => {
    const backend = await open()
    await write(text)
    await press('Enter')
    await vi.advanceTimersByTimeAsync(0)
    expect(backend[command].mock.calls).toEqual([[...args]])
  })

  test('to quit is asked about first: one word and Enter end nothing', async () => {
    const backend = await open()
    await closing.follow(backend)
    await write('выйти')
    await press('Enter')
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.answerClosing).not.toHaveBeenCalled()
    const question = screen.getByRole('dialog', { name: 'Выйти из Ringside?' })
    expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Отмена' }))
    await fireEvent.click(within(question).getByRole('button', { name: 'Выйти' }))
    expect(backend.answerClosing.mock.calls).toEqual([['quit']])
    await vi.waitFor(() => expect(closing.asked).toBeNull())
  })

  test('settings that cannot be read are said, and nothing is saved', async () => {
    const backend = await open()
    backend.settings.mockRejectedValueOnce(new Error('the channel broke'))
    await write('тема темная')
    await press('Enter')
    await vi.advanceTimersByTimeAsync(0)
    expect(within(palette()).getByRole('alert').textContent).not.toBe('')
    expect(backend.saveSettings).not.toHaveBeenCalled()
  })

  test('theme and language are kept alone, without what is being typed elsewhere', async () => {
    const backend = await open()
    await write('тема темная')
    await press('Enter')
    await vi.advanceTimersByTimeAsync(0)
    const [settings, secrets] = backend.saveSettings.mock.calls[0]!
    expect([settings.theme, secrets]).toEqual(['dark', { pbxPassword: null, apiKey: null }])
    expect(document.documentElement.dataset.theme).toBe('dark')
    delete document.documentElement.dataset.theme
  })

  test('what did not work is said, and the palette stays', async () => {
    const backend = await open()
    backend.pausePopups.mockResolvedValue({ status: 'error', error: { trouble: 'storage', about: null } })
    await write('до завтра')
    await press('Enter')
    await vi.advanceTimersByTimeAsync(0)
    expect(within(palette()).getByRole('alert').textContent).toContain('Не получилось')
  })

  test('shortcuts lead from it to their list', async () => {
    await open()
    await write('сочетания')
    await press('Enter')
    await vi.advanceTimersByTimeAsync(0)
    expect(screen.getByRole('dialog', { name: 'Сочетания клавиш' })).toBeTruthy()
  })
})

test('where personal data is hidden, the palette shows none', async () => {
  const made = scene('ws-search-plain')
  const backend = await open({ ...made, view: { ...made.view, private: true } })
  await write('северин')
  expect(options()).toContain('С•••')
  expect(palette().textContent).not.toMatch(/Северин|ИП|555-01/)
  backend.readNumber.mockResolvedValue({ ...PREVIEW, user: KATYA })
  await write('89161234567')
  await vi.waitFor(() => expect(palette().textContent).toContain('Е•••'))
  expect(palette().textContent).not.toContain('Екатерина')
  expect([veiled('+7 (921) 555-01-34'), veiled('Екатерина'), veiled('')]).toEqual(['••• 34', 'Е•••', ''])
})

test('whatever is typed, nothing breaks and every row keeps its direction', async () => {
  await open()
  const list = JSON.parse(readFileSync('../src-tauri/crates/hostile/hostile.json', 'utf8')) as ({ text: string } | { piece: string; times: number })[]
  for (const entry of list) {
    await write(('text' in entry ? entry.text : entry.piece.repeat(entry.times)).slice(0, 200))
    for (const option of within(palette()).queryAllByRole('option')) expect(option.querySelector('bdi')).not.toBeNull()
  }
})
