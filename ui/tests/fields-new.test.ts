import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { expect, test, vi } from 'vitest'
import type { FieldFormat } from '$lib/backend'
import Fields from '../src/pages/Fields.svelte'
import { awaited, complaints, MAX_TITLE, MAX_VALUES, type NewField } from '../src/pages/fields/rules'
import { scene, stage, type Spied } from './stage'

async function openDialog(from = 'ws-fields') {
  const backend = await stage(from)
  render(Fields)
  await vi.waitFor(() => expect(screen.queryByText('Загружаем')).toBeNull())
  await fireEvent.click(screen.getByRole('button', { name: 'Добавить поле' }))
  return { backend, dialog: screen.getByRole('dialog', { name: 'Новое поле' }) }
}

const settle = () => new Promise((done) => setTimeout(done, 0))
const saved = (backend: Spied) => backend.saveFields.mock.lastCall?.[0] ?? []
const shownIn = (dialog: HTMLElement) => [...dialog.querySelectorAll('dt')].map((term) => term.textContent)
const draft = (part: Partial<NewField> = {}): NewField => ({ format: 'text', title: 'Пропуск', values: ['', ''], incoming: true, ...part })
const type = (name: string, value: string) => fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } })
const create = () => fireEvent.click(screen.getByRole('button', { name: /Создать поле/ }))
const choose = (name: string) => fireEvent.click(screen.getByRole('radio', { name }))

test.each<[string, FieldFormat]>([
  ['Текстовое поле', 'text'],
  ['Текстовая область', 'area'],
  ['Чекбокс', 'checkbox'],
  ['Дата', 'date'],
])('s02 %s: the definition is kept and waits for Omnidesk', async (name, format) => {
  const { backend } = await openDialog()
  await choose(name)
  await type('Название', '  Пропуск   на склад ')
  await create()
  await settle()
  expect(saved(backend).at(-1)).toEqual({ id: 'new_1', title: 'Пропуск на склад', format, options: [], incoming: true, state: 'awaited', always: false, lines: [], became: null })
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(screen.getByText('Ещё не в Омнидеске')).toBeTruthy()
  const steps = screen.getByRole('group', { name: '1 поле осталось создать в Омнидеске' })
  expect(steps.textContent).toContain('«Настройки → Поля данных»')
  expect(steps.textContent).toContain(`тип «${name}», название «Пропуск на склад»`)
})

test('s02 a list has values, and the preview shows the first one marked', async () => {
  const { backend, dialog } = await openDialog()
  await choose('Список')
  await type('Название', 'Менеджер клиента')
  await type('Значение 1', 'Анна Литвинова')
  await type('Значение 2', 'Игорь Самсонов')
  expect(dialog.querySelector('mark')?.textContent).toBe('Анна Литвинова')
  expect(shownIn(dialog).at(-1)).toBe('Менеджер клиента')
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Входящий звонок' }))
  expect(dialog.querySelector('mark')).toBeNull()
  await create()
  await settle()
  expect(saved(backend).at(-1)).toMatchObject({
    options: [{ key: '', title: 'Анна Литвинова' }, { key: '', title: 'Игорь Самсонов' }],
    incoming: false,
  })
})

test('Enter in a value goes on to the next one and creates nothing', async () => {
  const { backend } = await openDialog()
  await choose('Список')
  await fireEvent.keyDown(screen.getByRole('textbox', { name: 'Значение 2' }), { key: 'Enter' })
  await tick()
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Значение 3' }))
  await fireEvent.click(screen.getByRole('button', { name: 'Удалить значение 3' }))
  expect(screen.queryByRole('textbox', { name: 'Значение 3' })).toBeNull()
  expect(backend.saveFields).not.toHaveBeenCalled()
})

test.each([
  ['', 'Напишите название'],
  ['   ', 'Напишите название'],
  ['тариф', 'Поле с таким названием уже есть'],
  ['email-АДРЕС', 'Поле с таким названием уже есть'],
  ['я'.repeat(MAX_TITLE + 1), 'Слишком длинно: не больше 100 знаков'],
])('the name «%s» is refused in words, at the field', async (title, words) => {
  const { backend } = await openDialog()
  await type('Название', title)
  await create()
  await tick()
  const field = screen.getByRole('textbox', { name: 'Название' })
  expect(screen.getByText(words)).toBeTruthy()
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(document.activeElement).toBe(field)
  await type('Название', 'Пропуск')
  expect(screen.queryByText(words)).toBeNull()
  expect(backend.saveFields).not.toHaveBeenCalled()
})

test.each<[string[], string, number]>([
  [['', ''], 'none', 0],
  [['Да', ' ', 'да'], 'twice', 2],
  [['Да', 'н'.repeat(101)], 'long', 1],
  [Array.from({ length: MAX_VALUES + 1 }, (_, i) => `v${i}`), 'many', MAX_VALUES],
])('values of a list that cannot be: %#', (values, what, at) => {
  expect(complaints(draft({ format: 'list', values }), [])).toEqual({ title: null, values: { what, at } })
  expect(complaints(draft({ format: 'text', values }), []).values).toBeNull()
})

test('a list without values is refused in words', async () => {
  const { backend } = await openDialog()
  await choose('Список')
  await type('Название', 'Пропуск')
  await create()
  expect(screen.getByText('Напишите хотя бы одно значение')).toBeTruthy()
  expect(backend.saveFields).not.toHaveBeenCalled()
})

test('the id is a free number', () => {
  expect(awaited(draft(), scene('ws-fields-awaited').fields ?? []).id).toBe('new_3')
  expect(awaited(draft(), []).id).toBe('new_1')
})

test('a definition that cannot be kept stays in the form with the reason', async () => {
  await openDialog('ws-fields-not-saved')
  await type('Название', 'Пропуск')
  await create()
  await settle()
  expect(screen.getByRole('alert').textContent).toBe('Поле не создано: Диск этого компьютера не записывает данные')
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Название' }).value).toBe('Пропуск')
  expect(screen.queryByRole('button', { name: 'Переместить поле «Пропуск»' })).toBeNull()
})

test('Ctrl Enter creates; Esc asks before typed text is given up', async () => {
  const { backend, dialog } = await openDialog()
  await type('Название', 'Пропуск')
  await fireEvent.keyDown(dialog, { code: 'Escape' })
  expect(screen.getByRole('alert').textContent).toBe('Введённое не сохранено. Закрыть без сохранения?')
  await fireEvent.keyDown(dialog, { code: 'Enter', ctrlKey: true })
  expect(backend.saveFields).not.toHaveBeenCalled()
  await fireEvent.keyDown(dialog, { code: 'Escape' })
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Название' }).value).toBe('Пропуск')
  await fireEvent.keyDown(dialog, { code: 'Enter', ctrlKey: true })
  await settle()
  expect(backend.saveFields).toHaveBeenCalledOnce()
})

test('Esc closes an empty form at once', async () => {
  const { dialog } = await openDialog()
  await fireEvent.keyDown(dialog, { code: 'Escape' })
  expect(screen.queryByRole('dialog')).toBeNull()
})
