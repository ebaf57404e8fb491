import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { backend as connected } from '$lib/backend'
import { desk as deskView, call } from '$lib/backend/fake/scene'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { meanwhileText, pausedText, whyText } from '$lib/pause'
import { followNavigation, router } from '$lib/router.svelte'
import { callList } from '../src/pages/calls/list.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import Settings from '../src/pages/Settings.svelte'
import Popup from '../src/popup/Popup.svelte'
import PauseStrip from '../src/workspace/PauseStrip.svelte'
import Rail from '../src/workspace/Rail.svelte'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
  router.reset()
})

afterEach(() => {
  vi.restoreAllMocks()
  setLanguage('ru')
  callList.clear()
  settingsView.section = 'connections'
})

/** A change of the stand-in reaches the desk. */
async function follows() {
  desk.apply(await connected().desk(desk.shows))
  await tick()
}

const button = (name: string) => screen.getByRole('button', { name })

test('until when, why, and how many were missed is said in both languages', () => {
  const today = new Date().setHours(23, 30, 0, 0)
  const later = new Date(2035, 11, 1, 9, 0).getTime()
  expect(pausedText({ byHours: false, until: today })).toBe('Карточки звонков на паузе до 23:30.')
  expect(pausedText({ byHours: true, until: later })).toBe('Карточки звонков на паузе до 1 декабря 2035 г. в 09:00.')
  expect(pausedText({ byHours: false, until: null })).toBe('Карточки звонков на паузе.')
  expect([whyText({ byHours: false, until: null }), whyText({ byHours: true, until: later }), whyText({ byHours: true, until: null })]).toEqual([
    null,
    'Сейчас нерабочее время.',
    'В расписании нет ни одного рабочего часа.',
  ])
  expect([1, 2, 5].map((missed) => meanwhileText({ missed }))).toEqual([
    'Пока карточки были на паузе, пропущен 1 звонок.',
    'Пока карточки были на паузе, пропущено 2 звонка.',
    'Пока карточки были на паузе, пропущено 5 звонков.',
  ])
  setLanguage('en')
  expect(pausedText({ byHours: false, until: today })).toBe('Popups are paused until 23:30.')
  expect([1, 2].map((missed) => meanwhileText({ missed }))).toEqual([
    'While popups were paused, 1 call was missed.',
    'While popups were paused, 2 calls were missed.',
  ])
})

describe('the workspace', () => {
  test('says that popups are paused and brings them back', async () => {
    const backend = await stage('ws-paused')
    render(PauseStrip)
    expect(screen.getByRole('status').textContent).toMatch(/Карточки звонков на паузе до .*\d\d:\d\d\./)
    backend.resumePopups.mockResolvedValueOnce({ status: 'error', error: { trouble: 'storage', about: null } })
    await fireEvent.click(button('Возобновить'))
    expect(await screen.findByText(/Не получилось: Диск/)).toBeTruthy()
    await fireEvent.click(button('Возобновить'))
    await vi.waitFor(() => expect(backend.resumePopups).toHaveBeenCalledTimes(2))
    await follows()
    expect(screen.queryByRole('status')).toBeNull()
  })

  test('says once what was missed, and leads to the list', async () => {
    const backend = await stage('ws-paused-missed')
    router.go({ page: 'outbox' })
    render(PauseStrip)
    expect(screen.getByRole('status').textContent).toContain('пропущено 3 звонка')
    await fireEvent.click(button('Показать список'))
    expect([router.current.page, callList.segment]).toEqual(['calls', 'missed'])
    expect(backend.knowsOfMissed).toHaveBeenCalledOnce()
    await follows()
    expect(screen.queryByRole('status')).toBeNull()
  })

  test('has a way to pause them, which is gone while they are', async () => {
    await stage('ws-calls')
    render(Rail)
    await fireEvent.click(button('Приостановить карточки'))
    expect([router.current.page, settingsView.section]).toEqual(['settings', 'pause'])
    await connected().pausePopups({ type: 'untilSaid' })
    await follows()
    expect(screen.queryByRole('button', { name: 'Приостановить карточки' })).toBeNull()
  })

  test('opens the list of missed calls for the popup', async () => {
    const backend = await stage('ws-calls')
    await followNavigation(backend)
    await backend.openRoute({ page: 'missed' })
    await vi.waitFor(() => expect([router.current.page, callList.segment]).toEqual(['calls', 'missed']))
  })
})

describe('the popup', () => {
  test.each([
    ['На 30 минут', { type: 'minutes', minutes: 30 }],
    ['До завтра', { type: 'tomorrow' }],
    ['Пока не включу', { type: 'untilSaid' }],
  ])('pauses: %s', async (name, length) => {
    const backend = await stage('popup-ringing-known')
    render(Popup)
    const opener = button('Приостановить карточки')
    expect(opener.getAttribute('aria-expanded')).toBe('false')
    await fireEvent.click(opener)
    expect(opener.getAttribute('aria-expanded')).toBe('true')
    const group = screen.getByRole('group', { name: 'Приостановить карточки' })
    await fireEvent.click(within(group).getByRole('button', { name }))
    await vi.waitFor(() => expect(backend.pausePopups).toHaveBeenCalledExactlyOnceWith(length))
  })

  test('says what the disk refuses', async () => {
    const backend = await stage('popup-ringing-known')
    backend.pausePopups.mockResolvedValue({ status: 'error', error: { trouble: 'storage', about: null } })
    render(Popup)
    await fireEvent.click(button('Приостановить карточки'))
    await fireEvent.click(button('До завтра'))
    expect((await screen.findByRole('alert')).textContent).toContain('Не получилось: Диск')
  })

  test('says what was missed though no call is on, and leads to the list', async () => {
    const backend = await stage('popup-meanwhile')
    render(Popup)
    expect(screen.getByRole('dialog', { name: 'Пока карточки были на паузе, пропущено 3 звонка.' })).toBeTruthy()
    await fireEvent.click(button('Показать список'))
    expect(backend.openRoute).toHaveBeenCalledExactlyOnceWith({ page: 'missed' })
    expect(backend.knowsOfMissed).toHaveBeenCalledOnce()
    await follows()
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('a card of a call has that line below it', async () => {
    await stage({ view: deskView({ calls: [call()], popup: ['call-1'], pause: { paused: null, meanwhile: { missed: 1 } } }) })
    render(Popup)
    expect(screen.getByText('Пока карточки были на паузе, пропущен 1 звонок.')).toBeTruthy()
    expect(screen.getByRole('dialog', { name: /Входящий звонок/ })).toBeTruthy()
  })
})

describe('the settings', () => {
  async function section(scene: string) {
    const backend = await stage(scene)
    router.reset({ page: 'settings' })
    settingsView.section = 'pause'
    render(Settings)
    await tick()
    await tick()
    return backend
  }
  const day = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name })

  test('pause popups and say until when they are', async () => {
    const backend = await section('ws-pause')
    await fireEvent.click(button('До завтра'))
    expect(backend.pausePopups).toHaveBeenCalledExactlyOnceWith({ type: 'tomorrow' })
    await follows()
    expect(screen.getByText(/^Карточки звонков на паузе до/)).toBeTruthy()
  })

  test('keep working hours day by day, and say which of them is not understood', async () => {
    const backend = await section('ws-pause')
    expect([day('понедельник').value, day('суббота').value]).toEqual(['09:00–18:00', ''])
    await fireEvent.input(day('суббота'), { target: { value: 'с утра' } })
    backend.saveSettings.mockResolvedValueOnce({ status: 'error', error: { trouble: 'badSetting', about: 'workingHours-5' } })
    await fireEvent.click(button('Сохранить'))
    await vi.waitFor(() => expect(day('суббота').getAttribute('aria-invalid')).toBe('true'))
    expect(day('воскресенье').getAttribute('aria-invalid')).toBeNull()
    await fireEvent.input(day('суббота'), { target: { value: '10-14' } })
    backend.saveSettings.mockImplementationOnce(async (settings) => ({ status: 'ok', data: { ...settings, workingHours: settings.workingHours.map((text) => (text === '10-14' ? '10:00–14:00' : text)) } }))
    await fireEvent.click(button('Сохранить'))
    await vi.waitFor(() => expect(day('суббота').value).toBe('10:00–14:00'))
    expect(backend.saveSettings.mock.lastCall?.[0].workingHours[5]).toBe('10-14')
  })

  test('say that a schedule without hours pauses for ever', async () => {
    await section('ws-pause')
    const warning = () => screen.queryByText(/^Рабочих часов нет ни в один день/)
    expect(warning()).toBeNull()
    for (const name of ['понедельник', 'вторник', 'среда', 'четверг', 'пятница']) await fireEvent.input(day(name), { target: { value: ' ' } })
    expect(warning()).toBeTruthy()
    await fireEvent.click(screen.getByRole('checkbox'))
    expect(warning()).toBeNull()
  })

  test('without hours there is nothing to fill in, and none are sent', async () => {
    const backend = await section('ws-settings')
    expect(screen.queryByRole('textbox', { name: 'понедельник' })).toBeNull()
    await fireEvent.click(screen.getByRole('checkbox'))
    expect(day('пятница').value).toBe('09:00–18:00')
    await fireEvent.click(screen.getByRole('checkbox'))
    await fireEvent.click(button('Сохранить'))
    await vi.waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0].workingHours).toEqual([]))
  })

  test('an office that has the last word leaves nothing to change', async () => {
    await section('ws-pause-locked')
    expect(screen.getByRole<HTMLInputElement>('checkbox').disabled).toBe(true)
    expect(day('понедельник').readOnly).toBe(true)
    expect(screen.queryByRole('button', { name: 'Сохранить' })).toBeNull()
  })
})
