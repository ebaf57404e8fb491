import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { router } from '$lib/router.svelte'
import Profile from '../src/pages/Profile.svelte'
import { stage } from './stage'

async function open(name: string, call: string | null = 'call-1') {
  const backend = await stage(name)
  render(Profile, { user: '501', call })
  await vi.waitFor(() => expect(screen.queryByText('Загружаем')).toBeNull())
  return backend
}

test('s04 the link above the main area leads to a new case for the call', async () => {
  await open('ws-profile')
  await fireEvent.click(screen.getByRole('link', { name: 'создать новое обращение по звонку' }))
  expect(router.current).toEqual({ page: 'compose', call: 'call-1' })
})

test('s04 «Привязать звонок» of a row opens that case for the call', async () => {
  await open('ws-profile')
  await fireEvent.click(screen.getByRole('button', { name: 'Привязать звонок к обращению 482-113512' }))
  expect(router.current).toEqual({ page: 'case', case: '482113512', call: 'call-1' })
})

test('cases of the channel «Звонки» stand first, the others behind a link', async () => {
  await open('ws-profile')
  const list = screen.getByRole('list', { name: 'Обращения канала «Звонки»' })
  expect(within(list).getAllByRole('listitem')).toHaveLength(6)
  expect(screen.queryByRole('list', { name: 'Обращения в других каналах' })).toBeNull()
  await fireEvent.click(screen.getByRole('link', { name: 'Ещё 4 обращения в других каналах' }))
  expect(within(screen.getByRole('list', { name: 'Обращения в других каналах' })).getAllByRole('listitem')).toHaveLength(4)
})

test('s25 s28 missed and called-back cases are told apart by words', async () => {
  await open('ws-profile')
  expect(screen.getAllByRole('img').map((glyph) => glyph.getAttribute('aria-label'))).toEqual([
    'Входящий, разговор состоялся',
    'Пропущенный',
    'Перезвонили',
    'Исходящий, разговор состоялся',
    'Входящий, разговор состоялся',
    'Входящий, разговор состоялся',
  ])
})

test('without a call nothing can be attached or created', async () => {
  await open('ws-profile-idle', null)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Екатерина Воскресенская-Добролюбова')
  expect(screen.queryByRole('link', { name: 'создать новое обращение по звонку' })).toBeNull()
  expect(screen.queryAllByRole('button', { name: /Привязать/ })).toEqual([])
})

test('the user’s data stand aside, empty ones left out', async () => {
  await open('ws-profile')
  const terms = within(screen.getByRole('complementary', { name: 'Данные пользователя' })).getAllByRole('term')
  expect(terms.map((term) => term.textContent)).toEqual([
    'Телефоны', 'Email-адрес', 'Компания', 'Должность', 'Тариф', 'Номер договора', 'Договор до', 'Заметка',
  ])
  expect(screen.getByText('31 марта 2027')).toBeTruthy()
})

test('arrows move through the cases', async () => {
  await open('ws-profile')
  const rows = screen.getAllByRole('button', { name: /482-/ }).filter((button) => button.classList.contains('open'))
  rows[0]?.focus()
  await fireEvent.keyDown(rows[0] as HTMLElement, { code: 'ArrowDown' })
  expect(document.activeElement).toBe(rows[1])
})

test('data from this computer say from when they are', async () => {
  await open('ws-profile-stale')
  expect(screen.getByText(/данные на \d\d:\d\d/)).toBeTruthy()
})

test('a failure is said in words and can be tried again', async () => {
  const backend = await open('ws-profile-error')
  expect(screen.getByRole('alert').textContent).toContain('Ответ не пришёл вовремя')
  await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
  expect(backend.profile).toHaveBeenCalledTimes(2)
})

test('s03 what stands in linked profiles that are not on this computer is read when asked for', async () => {
  const backend = await open('ws-profile-linked', null)
  expect(screen.queryByText('e.voskresenskaya-dobrolyubova@severtech.example')).toBeNull()
  expect(backend.linkedProfiles).not.toHaveBeenCalled()
  await fireEvent.click(screen.getByRole('button', { name: 'Показать эти данные' }))
  expect(await screen.findByText('e.voskresenskaya-dobrolyubova@severtech.example')).toBeTruthy()
  expect(backend.linkedProfiles.mock.calls).toEqual([['501']])
  expect(backend.profile).toHaveBeenCalledTimes(1)
  expect(screen.queryByRole('button', { name: 'Показать эти данные' })).toBeNull()
})

test('s03 linked profiles that cannot be read leave the button and say why', async () => {
  const backend = await open('ws-profile-linked', null)
  backend.linkedProfiles.mockResolvedValueOnce({ status: 'error', error: { trouble: 'timeout', about: null } })
  await fireEvent.click(screen.getByRole('button', { name: 'Показать эти данные' }))
  expect((await screen.findByRole('alert')).textContent).toBe('Связанные профили не открылись: Ответ не пришёл вовремя')
  expect(screen.getByRole('button', { name: 'Показать эти данные' })).toBeTruthy()
})

test('s03 a person who is whole on this computer is offered nothing more to read', async () => {
  await open('ws-profile')
  expect(screen.queryByRole('button', { name: 'Показать эти данные' })).toBeNull()
})
