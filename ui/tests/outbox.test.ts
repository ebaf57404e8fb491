import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { expect, test } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import Outbox from '../src/pages/Outbox.svelte'
import { stage } from './stage'

async function show(name: string) {
  const backend = await stage(name)
  render(Outbox)
  await tick()
  return backend
}

const titled = (title: string) => [...document.querySelectorAll(`[data-tip="${title}"]`)]
const row = (title: string) => within(titled(title)[0]!.closest('li')!)
const STATUS = 'Статус «в ожидании» для 482-113858'

test('a status that mandatory fields hold back says so and leads to the case', async () => {
  await show('ws-outbox-mandatory')
  expect(row(STATUS).getByText(/^Омнидеск не дал сменить статус: возможно, в обращении не заполнены обязательные поля/)).toBeTruthy()
  await fireEvent.click(row(STATUS).getByRole('link', { name: 'Открыть обращение 482-113858' }))
  expect(router.current).toEqual({ page: 'case', case: '482113858', call: null })
})

test('no rights, a deleted case and refused data of a user are told apart', async () => {
  await show('ws-outbox-mandatory')
  const [forbidden, gone] = titled('Суть звонка в обращение 482-113858').map((title) => within(title.closest('li')!))
  expect(forbidden!.getByText(/^У вас нет прав на это обращение/)).toBeTruthy()
  expect(forbidden!.getByRole('link', { name: 'Открыть обращение 482-113858' })).toBeTruthy()
  expect(gone!.getByText(/^Обращение удалено в Омнидеске/)).toBeTruthy()
  expect(gone!.queryByRole('link', { name: /Открыть обращение/ })).toBeNull()
  expect(row('Данные пользователя').getByText(/^Омнидеск отклонил это действие/)).toBeTruthy()
})

test('giving up is asked about in place and can be thought better of', async () => {
  const backend = await show('ws-outbox-mandatory')
  await fireEvent.click(row(STATUS).getByRole('button', { name: `Не отправлять: ${STATUS}` }))
  expect(row(STATUS).getByText('Это не попадёт в Омнидеск. Не отправлять?')).toBeTruthy()
  const keep = row(STATUS).getByRole('button', { name: 'Оставить' })
  await waitFor(() => expect(document.activeElement).toBe(keep))
  await fireEvent.keyDown(keep, { code: 'Escape', key: 'Escape' })
  expect(row(STATUS).getByRole('button', { name: `Повторить: ${STATUS}` })).toBeTruthy()
  expect(backend.giveUpOutbox).not.toHaveBeenCalled()
})

test('what is given up leaves the list', async () => {
  const backend = await show('ws-outbox-mandatory')
  await fireEvent.click(row(STATUS).getByRole('button', { name: `Не отправлять: ${STATUS}` }))
  await fireEvent.click(row(STATUS).getByRole('button', { name: 'Не отправлять' }))
  expect(backend.giveUpOutbox).toHaveBeenCalledExactlyOnceWith('o1')
  await waitFor(() => expect(titled(STATUS)).toEqual([]))
})

test('a refused giving up is said and the row stays', async () => {
  const backend = await show('ws-outbox-mandatory')
  backend.giveUpOutbox.mockResolvedValue({ status: 'error', error: { trouble: 'storage', about: null } })
  await fireEvent.click(row(STATUS).getByRole('button', { name: `Не отправлять: ${STATUS}` }))
  await fireEvent.click(row(STATUS).getByRole('button', { name: 'Не отправлять' }))
  expect((await screen.findByRole('alert')).textContent).toContain('Снять с отправки не удалось. Диск этого компьютера не записывает данные.')
  expect(titled(STATUS)).toHaveLength(1)
})

test('what was tried in vain can be given up while the back end allows it', async () => {
  await show('ws-outbox')
  const offers = () => screen.queryAllByRole('button', { name: /^Не отправлять: / })
  const owed = desk.view.outbox
  expect(offers()).toHaveLength(2)
  const waits = owed.find((row) => row.state === 'queued')!
  desk.apply({ ...desk.view, revision: desk.view.revision + 1, outbox: owed.map((row) => (row === waits ? { ...row, canGiveUp: false } : row)) })
  await tick()
  expect(offers()).toHaveLength(1)
})

test('in English too', async () => {
  setLanguage('en')
  await show('ws-outbox-mandatory')
  expect(screen.getAllByRole('button', { name: /^Do not send: / })).toHaveLength(4)
  expect(screen.getByText(/perhaps required fields of the case are empty/)).toBeTruthy()
})
