import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { beforeEach, expect, test, vi } from 'vitest'
import { backend as connected, type WhenView } from '$lib/backend'
import { desk as deskView, reminder } from '$lib/backend/fake/scene'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { previewText, refusalText } from '$lib/reminders'
import Calls from '../src/pages/Calls.svelte'
import Compose from '../src/pages/Compose.svelte'
import Popup from '../src/popup/Popup.svelte'
import { stage, type Spied } from './stage'

beforeEach(() => {
  Element.prototype.scrollIntoView ??= () => {}
})

/** A change of the stand-in reaches the desk. */
async function follows() {
  desk.apply(await connected().desk(desk.shows))
  await tick()
}

async function compose(): Promise<Spied> {
  const backend = await stage('ws-compose-unknown')
  render(Compose, { call: 'call-1' })
  await fireEvent.click(await screen.findByRole('button', { name: 'Перезвонить…' }))
  await screen.findByText('завтра в 10')
  return backend
}

const panel = () => screen.getByRole('group', { name: 'Когда перезвонить' })

test('a reminder takes two keys, is said, and is taken back', async () => {
  const backend = await compose()
  expect(document.activeElement).toBe(panel())
  await fireEvent.keyDown(panel(), { key: '4', code: 'Digit4' })
  await vi.waitFor(() => expect(backend.remind).toHaveBeenCalledExactlyOnceWith('call-1', 'завтра в 10', ''))
  await follows()
  expect(await screen.findByText('Перезвонить 23 ноября в 10:00')).toBeTruthy()
  expect(screen.queryByRole('group', { name: 'Когда перезвонить' })).toBeNull()
  await fireEvent.click(screen.getByRole('button', { name: 'Не напоминать' }))
  expect(backend.endReminder).toHaveBeenCalledExactlyOnceWith('call-1/reminder-1')
  await follows()
  expect(screen.getByRole('button', { name: 'Перезвонить…' })).toBeTruthy()
})

test('a digit that comes before the list takes what stands there, and one beyond it begins a time', async () => {
  const backend = await stage('ws-compose-unknown')
  let resolve = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  const choices = await backend.whenChoices()
  backend.whenChoices.mockImplementation(async () => (await promise, choices))
  render(Compose, { call: 'call-1' })
  await fireEvent.click(await screen.findByRole('button', { name: 'Перезвонить…' }))
  await fireEvent.keyDown(panel(), { key: '4', code: 'Digit4' })
  expect(backend.remind).not.toHaveBeenCalled()
  resolve()
  await vi.waitFor(() => expect(backend.remind).toHaveBeenCalledExactlyOnceWith('call-1', 'завтра в 10', ''))
  await follows()
  await fireEvent.click(await screen.findByRole('button', { name: 'Изменить' }))
  await fireEvent.keyDown(panel(), { key: '9', code: 'Digit9' })
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Дата и время' })
  await vi.waitFor(() => expect(field.value).toBe('9'))
  expect(document.activeElement).toBe(field)
})

test('letters go into the field, what they mean is said as they are typed, and Enter takes it', async () => {
  const backend = await compose()
  await fireEvent.keyDown(panel(), { key: 'з', code: 'KeyP' })
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Дата и время' })
  expect(document.activeElement).toBe(field)
  backend.readWhen.mockResolvedValueOnce({ status: 'ok', data: { type: 'past' } })
  await fireEvent.input(field, { target: { value: 'сегодня в 9' } })
  expect(await screen.findByText('Это время уже прошло')).toBeTruthy()
  await fireEvent.input(field, { target: { value: 'завтра в 10' } })
  expect(await screen.findByText('Напомним 23 ноября в 10:00')).toBeTruthy()
  // Digits are part of what is typed.
  await fireEvent.keyDown(field, { key: '1', code: 'Digit1' })
  expect(backend.remind).not.toHaveBeenCalled()
  backend.remind.mockResolvedValueOnce({ status: 'error', error: { trouble: 'badSetting', about: 'past' } })
  await fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' })
  await vi.waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'))
  expect(field.value).toBe('завтра в 10')
  await fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' })
  await vi.waitFor(() => expect(backend.remind).toHaveBeenCalledTimes(2))
  expect(backend.createCase).not.toHaveBeenCalled()
})

test('an answer to an earlier text does not take the place of a later one', async () => {
  const backend = await compose()
  const field = screen.getByRole('textbox', { name: 'Дата и время' })
  let first: (value: { status: 'ok'; data: WhenView }) => void = () => {}
  backend.readWhen.mockReturnValueOnce(new Promise((resolve) => (first = resolve)))
  await fireEvent.input(field, { target: { value: 'з' } })
  await fireEvent.input(field, { target: { value: 'завтра в 10' } })
  await screen.findByText('Напомним 23 ноября в 10:00')
  first({ status: 'ok', data: { type: 'unread' } })
  await tick()
  expect(screen.queryByText('Не понято. Напишите, например: завтра в 10')).toBeNull()
})

test('Esc closes the choice alone and puts the focus back', async () => {
  await compose()
  await fireEvent.keyDown(panel(), { key: 'Escape', code: 'Escape' })
  await tick()
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Перезвонить…' })))
})

const late = () =>
  reminder({ id: 'a/reminder-1', call: 'a', name: '', what: 'Счёт за ноябрь', isLate: true, due: new Date(2026, 10, 22, 10).getTime() })

test('the popup shows whom to call back though no call is on, and lets it be put off or ended', async () => {
  const backend = await stage({ view: deskView({ reminders: [late(), reminder({ id: 'b/reminder-1', isDue: false, inPopup: false })] }) })
  render(Popup)
  const row = await screen.findByRole('listitem', { name: 'Напоминание: +7 (921) 555-01-34' })
  expect(screen.getAllByRole('listitem').length).toBe(1)
  expect(row.textContent).toContain('Ringside не работал в это время')
  expect(row.textContent).toContain('Счёт за ноябрь')
  backend.remindLater.mockResolvedValue({ status: 'ok', data: null })
  await fireEvent.click(within(row).getByRole('button', { name: 'Позже…' }))
  await screen.findByText('через 15 минут')
  // Stray keys are stopped until somebody works in the popup.
  vi.setSystemTime(Date.now() + 1500)
  await fireEvent.pointerDown(row)
  await fireEvent.keyDown(panel(), { key: '1', code: 'Digit1' })
  await vi.waitFor(() => expect(backend.remindLater).toHaveBeenCalledExactlyOnceWith('a/reminder-1', 'через 15 минут'))
  await fireEvent.click(await screen.findByRole('button', { name: 'Готово' }))
  expect(backend.endReminder).toHaveBeenCalledExactlyOnceWith('a/reminder-1')
})

test('what is asked before a number is dialled is asked in the popup, which has no other place for it', async () => {
  const caution = { doubt: 'foreign', never: false, number: '+49 30 901820', country: 'DE' } as const
  const backend = await stage({ view: deskView({ reminders: [late()] }), caution })
  render(Popup)
  const call = await screen.findByRole('button', { name: 'Набрать +7 (921) 555-01-34' })
  await fireEvent.click(call)
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Отмена' })))
  await fireEvent.click(screen.getByRole('button', { name: 'Отмена' }))
  expect(screen.queryByRole('alertdialog')).toBeNull()
  await fireEvent.click(call)
  await fireEvent.click(await screen.findByRole('button', { name: 'Всё равно позвонить' }))
  await vi.waitFor(() => expect(backend.dial).toHaveBeenLastCalledWith('+79215550134', null, 'foreign'))
})

test('a reminder alone can be put away by the pointer', async () => {
  const backend = await stage({ view: deskView({ reminders: [late()] }) })
  render(Popup)
  await fireEvent.click(await screen.findByRole('button', { name: 'Скрыть карточку' }))
  expect(backend.hidePopup).toHaveBeenCalledOnce()
})

test('news of other things do not take the keyboard from who types a time', async () => {
  const backend = await stage({ view: deskView({ reminders: [late()] }) })
  render(Popup)
  const row = await screen.findByRole('listitem')
  await fireEvent.click(within(row).getByRole('button', { name: 'Позже…' }))
  await screen.findByText('через 15 минут')
  vi.setSystemTime(Date.now() + 1500)
  await fireEvent.pointerDown(row)
  desk.apply({ ...desk.view, revision: desk.view.revision + 1, reminders: [late()] })
  await tick()
  backend.remindLater.mockResolvedValue({ status: 'ok', data: null })
  await fireEvent.keyDown(panel(), { key: '1', code: 'Digit1' })
  await vi.waitFor(() => expect(backend.remindLater).toHaveBeenCalledOnce())
})

test('another time keeps what it is about', async () => {
  const backend = await compose()
  await fireEvent.input(screen.getByRole('textbox', { name: /^О чём/ }), { target: { value: 'Счёт' } })
  panel().focus()
  await fireEvent.keyDown(panel(), { key: '4', code: 'Digit4' })
  await vi.waitFor(() => expect(backend.remind).toHaveBeenLastCalledWith('call-1', 'завтра в 10', 'Счёт'))
  await follows()
  await fireEvent.click(await screen.findByRole('button', { name: 'Изменить' }))
  await screen.findByText('через 15 минут')
  await fireEvent.keyDown(panel(), { key: '1', code: 'Digit1' })
  await vi.waitFor(() => expect(backend.remind).toHaveBeenLastCalledWith('call-1', 'через 15 минут', 'Счёт'))
})

test('the list of calls shows what is due and what comes', async () => {
  const scene = { view: deskView({ calls: (await (await stage('ws-calls')).desk(desk.shows)).calls, reminders: [late(), reminder({ id: 'b/reminder-1', isDue: false, inPopup: false })] }) }
  await stage(scene)
  render(Calls)
  expect(await screen.findByRole('heading', { name: 'Пора перезвонить' })).toBeTruthy()
  expect(screen.getByRole('heading', { name: 'Перезвонить позже' })).toBeTruthy()
})

test('a change of the clock and each refusal has words of its own in both languages', () => {
  const at = new Date(2027, 2, 28, 3, 30).getTime()
  for (const language of ['ru', 'en']) {
    setLanguage(language)
    const said = [
      ...(['none', 'skipped', 'twice'] as const).map((change) => previewText({ type: 'at', at, change }).text),
      ...(['unread', 'past', 'tooFar'] as const).map((type) => previewText({ type }).text),
      refusalText({ trouble: 'refused', about: 'nobody' }),
      refusalText({ trouble: 'refused', about: 'tooMany' }),
      refusalText({ trouble: 'storage', about: null }),
    ]
    expect(new Set(said).size).toBe(said.length)
  }
})
