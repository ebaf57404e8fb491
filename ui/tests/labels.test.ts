import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { backend as connected } from '$lib/backend'
import { call, desk as deskView } from '$lib/backend/fake/scene'
import LabelRow from '$lib/components/LabelRow.svelte'
import { desk } from '$lib/desk.svelte'
import Settings from '../src/pages/Settings.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import { stage } from './stage'

afterEach(() => {
  settingsView.section = 'connections'
})

const ended = () => call({ id: 'a', phase: 'ended', labels: ['Жалоба', 'Прежняя'] })

async function row() {
  const backend = await stage({ view: deskView({ calls: [ended()] }) })
  const { component, rerender } = render(LabelRow, { call: desk.call('a')! })
  return { backend, component, rerender }
}

const pressed = () => screen.getAllByRole('button', { pressed: true }).map((button) => button.textContent?.replace(/[\d\s]+/, ''))

test('a digit puts a label on and takes it off, quick picks go together, and one of before can still be taken off', async () => {
  const { backend, component, rerender } = await row()
  expect(screen.getAllByRole('button').map((button) => button.textContent?.trim())).toEqual(['1 Счёт', '2 Жалоба', '3 Вернуть деньги', '4 Прежняя'])
  expect(pressed()).toEqual(['Жалоба', 'Прежняя'])
  expect([component.pick(1), component.pick(4), component.pick(9)]).toEqual([true, true, false])
  await vi.waitFor(() => expect(backend.pickLabels).toHaveBeenCalledTimes(2))
  expect(backend.pickLabels).toHaveBeenLastCalledWith('a', ['Жалоба', 'Счёт'])
  desk.apply(await connected().desk(desk.shows))
  await rerender({ call: desk.call('a')! })
  expect(pressed()).toEqual(['Счёт', 'Жалоба'])
})

test('a refusal is said and what was picked before stands', async () => {
  const { backend } = await row()
  backend.pickLabels.mockResolvedValue({ status: 'error', error: { trouble: 'storage', about: null } })
  await fireEvent.click(screen.getByRole('button', { name: 'Счёт' }))
  expect((await screen.findByRole('alert')).textContent).toContain('Метка не поставлена.')
  expect(pressed()).toEqual(['Жалоба', 'Прежняя'])
})

test('an administrator ticks labels, orders them, and no more than there are digits', async () => {
  const backend = await stage('ws-settings')
  settingsView.section = 'labels'
  render(Settings)
  const chosen = await screen.findByRole('group', { name: 'Выбраны' })
  await fireEvent.click(within(screen.getByRole('group', { name: 'Остальные' })).getByRole('checkbox', { name: 'Консультация' }))
  expect(backend.saveLabels).toHaveBeenLastCalledWith(['Счёт', 'Жалоба', 'Вернуть деньги', 'Консультация'])
  await fireEvent.click(await screen.findByRole('button', { name: 'Поднять метку «Консультация»' }))
  await vi.waitFor(() => expect(backend.saveLabels).toHaveBeenLastCalledWith(['Счёт', 'Жалоба', 'Консультация', 'Вернуть деньги']))
  expect(await screen.findByText('Сохранено')).toBeTruthy()
  backend.saveLabels.mockResolvedValue({ status: 'error', error: { trouble: 'storage', about: null } })
  await fireEvent.click(within(chosen).getByRole('checkbox', { name: 'Счёт' }))
  await screen.findByText(/Не сохранено/)
  await tick()
  expect(within(chosen).getAllByRole('checkbox').length).toBe(4)
})
