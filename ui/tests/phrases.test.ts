import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import type { PhraseView } from '$lib/backend'
import { matching, slashAt, withPhrase } from '$lib/phrases'
import Compose from '../src/pages/Compose.svelte'
import Settings from '../src/pages/Settings.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import { stage, type Spied } from './stage'

afterEach(() => {
  settingsView.section = 'connections'
})

const phrase = (title: string, text = title): PhraseView => ({ title, text, left: null })

test('a slash is one only where a word begins, and only letters follow it', () => {
  for (const [text, found] of [
    ['/', { from: 0, query: '' }],
    ['/сч', { from: 0, query: 'сч' }],
    ['Просит\n/сч', { from: 7, query: 'сч' }],
    ['Просит /Счёт', { from: 7, query: 'Счёт' }],
    ['и/или', null],
    ['1/2', null],
    ['//', null],
    ['/сч ', null],
    ['/usr/bin', null],
    [`/${'я'.repeat(20)}`, { from: 0, query: 'я'.repeat(20) }],
    [`/${'я'.repeat(21)}`, null],
    [`к/${'я'.repeat(20)}`, null],
    ['', null],
  ] as const) {
    expect([text, slashAt(text, text.length)]).toEqual([text, found])
  }
  expect(slashAt('/счёт завтра', 3)).toEqual({ from: 0, query: 'сч' })
})

test('names are found by the first letters of a word, those that begin so first', () => {
  const all = ['Новый счёт', 'Счет-фактура', 'Договор', 'Перезвонить («счёт»)'].map((title) => phrase(title))
  expect(matching(all, 'СЧЁ').map(({ title }) => title)).toEqual(['Счет-фактура', 'Новый счёт', 'Перезвонить («счёт»)'])
  expect(matching(all, 'факт').map(({ title }) => title)).toEqual(['Счет-фактура'])
  expect(matching(all, '').length).toBe(4)
  expect(matching(all, 'ет')).toEqual([])
})

test('a phrase takes the place of what found it, and its open field is selected', () => {
  const slash = { from: 3, query: 'до' }
  expect(withPhrase('До /до после', slash, { title: 'Договор', text: 'по {договор}', left: { from: 3, to: 12 } })).toEqual({
    text: 'До по {договор} после', from: 6, to: 15,
  })
  expect(withPhrase('/сч', { from: 0, query: 'сч' }, phrase('Счёт', 'Просит счёт'))).toEqual({ text: 'Просит счёт', from: 11, to: 11 })
})

const gist = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Суть звонка' })
const offered = () => screen.queryAllByRole('option').map((option) => option.querySelector('.b5')?.textContent)

async function compose(): Promise<Spied> {
  const backend = await stage('ws-compose-unknown')
  render(Compose, { call: 'call-1' })
  await tick()
  return backend
}

async function type(text: string) {
  gist().value = text
  gist().setSelectionRange(text.length, text.length)
  await fireEvent.input(gist())
  await vi.waitFor(() => tick())
  await new Promise((done) => setTimeout(done))
}

const press = (key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(gist(), { key, code: key, ...more })

test('a phrase is found and put into the gist by the keyboard alone, and is saved as if typed', async () => {
  const backend = await compose()
  gist().focus()
  await type('Клиент /')
  expect(backend.phrasesFor).toHaveBeenCalledExactlyOnceWith('call-1')
  expect(offered()).toEqual(['Счёт', 'Перезвонить', 'Договор'])
  expect(gist().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[0]!.id)
  await press('ArrowDown')
  await press('ArrowDown')
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('Договор')
  await press('Enter')
  await tick()
  expect(gist().value).toBe('Клиент Вопрос по договору {договор}')
  expect(gist().value.slice(gist().selectionStart, gist().selectionEnd)).toBe('{договор}')
  expect(offered()).toEqual([])
  expect(document.activeElement).toBe(gist())
  await vi.waitFor(() => expect(backend.saveDraft).toHaveBeenCalledWith('call-1', '', 'Клиент Вопрос по договору {договор}'))
})

test('letters narrow the list, Esc leaves what was typed, and Enter is a new line then', async () => {
  await compose()
  await type('/пере')
  expect(offered()).toEqual(['Перезвонить'])
  await press('Escape')
  expect(offered()).toEqual([])
  await type('/перез')
  expect(offered()).toEqual([])
  const enter = new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true })
  gist().dispatchEvent(enter)
  expect([enter.defaultPrevented, gist().value]).toEqual([false, '/перез'])
  await type('/перез ')
  await type('/перез /сч')
  expect(offered()).toEqual(['Счёт'])
})

test('Ctrl Enter creates the case also while the list is open', async () => {
  const backend = await compose()
  await type('/сч')
  await press('Enter', { ctrlKey: true })
  await vi.waitFor(() => expect(backend.createCase).toHaveBeenCalledOnce())
})

async function editor(scene: Parameters<typeof stage>[0] = 'ws-settings') {
  const backend = await stage(scene)
  settingsView.section = 'phrases'
  render(Settings)
  await screen.findByRole('group', { name: 'Договор' })
  return backend
}

test('the editor says which fields there are not, inserts those there are, and saves rows in order', async () => {
  const backend = await editor()
  expect(screen.getByText('Таких полей нет: {договор}. Останутся в тексте как есть.')).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: 'Добавить фразу' }))
  const names = screen.getAllByRole<HTMLInputElement>('textbox', { name: 'Название' })
  expect(document.activeElement).toBe(names[3])
  await fireEvent.input(names[3]!, { target: { value: 'Новая' } })
  const texts = screen.getAllByRole<HTMLTextAreaElement>('textbox', { name: 'Текст' })
  await fireEvent.input(texts[3]!, { target: { value: 'Звонил ' } })
  texts[3]!.setSelectionRange(7, 7)
  const group = screen.getByRole('group', { name: 'Новая' })
  await fireEvent.click([...group.querySelectorAll('button')].find((button) => button.textContent === '{имя}')!)
  await vi.waitFor(() => expect(texts[3]!.value).toBe('Звонил {имя}'))
  await fireEvent.click(screen.getByRole('button', { name: 'Поднять фразу «Новая»' }))
  await fireEvent.click(screen.getByRole('button', { name: 'Удалить фразу «Счёт»' }))
  await fireEvent.click(screen.getByRole('button', { name: 'Сохранить' }))
  await vi.waitFor(() => expect(backend.savePhrases).toHaveBeenCalledOnce())
  expect(backend.savePhrases.mock.calls[0]![0].map(({ title }) => title)).toEqual(['Перезвонить', 'Новая', 'Договор'])
  expect(await screen.findByText('Сохранено')).toBeTruthy()
})

test('what is wrong is said at its row and nothing that was typed is lost', async () => {
  const backend = await editor()
  backend.savePhrases.mockResolvedValue({ status: 'error', error: { trouble: 'badSetting', about: 'title-1' } })
  const name = screen.getAllByRole<HTMLInputElement>('textbox', { name: 'Название' })[1]!
  await fireEvent.input(name, { target: { value: '' } })
  await fireEvent.click(screen.getByRole('button', { name: 'Сохранить' }))
  await vi.waitFor(() => expect(name.getAttribute('aria-invalid')).toBe('true'))
  expect(screen.getByText('Исправьте отмеченное')).toBeTruthy()
  expect(screen.getAllByRole('textbox', { name: 'Текст' }).length).toBe(3)
})
