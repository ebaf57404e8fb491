import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { beforeEach, expect, test, vi } from 'vitest'
import { backend as connected } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { peopleOptions, recentOptions } from '../src/dial/options'
import { KATYA } from '$lib/backend/fake/people'
import { call, desk as deskView, reminder } from '$lib/backend/fake/scene'
import ReminderField from '$lib/components/ReminderField.svelte'
import { router } from '$lib/router.svelte'
import Popup from '../src/popup/Popup.svelte'
import App from '../src/workspace/App.svelte'
import Dial from '../src/dial/Dial.svelte'
import { stage } from './stage'

beforeEach(() => {
  Element.prototype.scrollIntoView ??= () => {}
  router.reset()
})

/** A change of the stand-in reaches the desk. */
async function follows() {
  desk.apply(await connected().desk(desk.shows))
  await tick()
}

test('the workspace hides and shows by button and by key, and says that it is so', async () => {
  const backend = await stage('ws-calls')
  render(App)
  const toggle = await screen.findByRole('button', { name: 'Скрыть личное' })
  expect(toggle.getAttribute('aria-pressed')).toBe('false')
  await fireEvent.click(toggle)
  expect(backend.hidePersonal).toHaveBeenLastCalledWith(true)
  await follows()
  expect(toggle.getAttribute('aria-pressed')).toBe('true')
  expect(screen.getByText('Личное скрыто.')).toBeTruthy()
  backend.hidePersonal.mockResolvedValueOnce({ status: 'error', error: { trouble: 'storage', about: null } })
  await fireEvent.click(screen.getByRole('button', { name: 'Показывать снова' }))
  expect(await screen.findByText(/Не получилось: Диск/)).toBeTruthy()
  await fireEvent.keyDown(window, { code: 'KeyH', key: 'р', ctrlKey: true, shiftKey: true })
  await vi.waitFor(() => expect(backend.hidePersonal).toHaveBeenLastCalledWith(false))
  await follows()
  expect(screen.queryByText('Личное скрыто.')).toBeNull()
})

test('the popup says that personal data is hidden and shows none of it', async () => {
  await stage('popup-private')
  render(Popup)
  const card = screen.getByRole('dialog')
  expect(card.textContent).toContain('Личное скрыто.')
  expect(card.textContent).toContain('Е•••')
  expect(card.textContent).toContain('••• 34')
  expect(card.textContent).not.toMatch(/Екатерина|555|severtech/)
  expect(within(card).getAllByText('•••').length).toBeGreaterThan(2)
})

test('the dial window shows no more of its last calls, and dials whole numbers', async () => {
  await stage('dial-private')
  render(Dial)
  expect(await screen.findByText('Личное скрыто.')).toBeTruthy()
  const options = recentOptions(desk.view.calls)
  expect(options.map(({ name, note, number }) => [name, note, number])).toEqual([
    ['Е•••', '••• 34', '+79005550103'],
    ['П•••', '••• 20', '+79005550105'],
    ['Т•••', '••• 03', '+79005550101'],
  ])
  const hidden = { ...KATYA, name: 'Е•••', phones: ['••• 34'] }
  const [found] = peopleOptions([{ user: hidden, dial: ['+7 (921) 555-01-34'], matched: [] }])
  expect([found?.name, found?.number]).toEqual(['Е•••', '+7 (921) 555-01-34'])
  expect(found?.note).toContain('••• 34')
})

test('what a reminder is about is never written as it is shown: only its time can be changed', async () => {
  const hidden = reminder({ id: 'kept', call: 'call-1', isDue: false, what: '•••' })
  const backend = await stage({ view: deskView({ private: true, reminders: [hidden] }) })
  render(ReminderField, { call: call() })
  await fireEvent.click(screen.getByRole('button', { name: 'Изменить' }))
  const group = await screen.findByRole('group', { name: 'Когда перезвонить' })
  expect(screen.queryByDisplayValue('•••')).toBeNull()
  await vi.waitFor(() => expect(group.querySelector('.choices button')).not.toBeNull())
  await fireEvent.click(group.querySelector('.choices button')!)
  await vi.waitFor(() => expect(backend.remindLater).toHaveBeenCalledOnce())
  expect(backend.remindLater.mock.calls[0]![0]).toBe('kept')
  expect(backend.remind).not.toHaveBeenCalled()
})
