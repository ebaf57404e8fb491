/** Where the popup stands and how long, as the settings say; and that what is higher than the screen scrolls. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import Settings from '../src/pages/Settings.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import Popup from '../src/popup/Popup.svelte'
import { room } from '../src/popup/room.svelte'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
  settingsView.section = 'connections'
  room.highest = 560
})

async function show(name: string, overrides: Parameters<typeof stage>[0] = scene(name)) {
  const backend = await stage(overrides)
  settingsView.section = 'general'
  router.reset({ page: 'settings' })
  render(Settings)
  await screen.findByLabelText('Угол для карточки звонка')
  return backend
}

const list = (label: string) => screen.getByLabelText<HTMLSelectElement>(label)
const texts = (label: string) => [...list(label).options].map((option) => option.textContent)
const choose = (label: string, value: string) => fireEvent.change(list(label), { target: { value } })

describe('the popup’s place', () => {
  test('is the upper right corner where the pointer is, until somebody chooses; each choice is kept at once', async () => {
    const backend = await show('ws-settings', { ...scene('ws-settings'), screens: [{ name: 'eDP-1', isPrimary: true }, { name: 'HDMI-1', isPrimary: false }] })
    await waitFor(() => expect(texts('Экран для карточки звонка')).toEqual(['Где указатель', 'Основной', 'eDP-1', 'HDMI-1']))
    expect(texts('Угол для карточки звонка')).toEqual(['Справа вверху', 'Слева вверху', 'Справа внизу', 'Слева внизу'])
    expect(texts('После звонка карточка остаётся')).toEqual(['Пока есть что сделать', 'Пока не закроете', '5 секунд', '20 секунд', '60 секунд'])
    expect([list('Угол для карточки звонка').value, list('Экран для карточки звонка').value, list('После звонка карточка остаётся').value]).toEqual(['topRight', 'pointer', 'asNeeded'])
    await choose('Угол для карточки звонка', 'bottomLeft')
    await choose('Экран для карточки звонка', 'HDMI-1')
    await choose('После звонка карточка остаётся', '20s')
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(3))
    expect(backend.saveSettings.mock.lastCall?.[0]).toMatchObject({ popupCorner: 'bottomLeft', popupScreen: 'HDMI-1', popupStay: '20s' })
  })

  test('goes back when it cannot be kept', async () => {
    await show('ws-settings-refused')
    await choose('Угол для карточки звонка', 'topLeft')
    expect(await screen.findByRole('alert')).toBeTruthy()
    expect(list('Угол для карточки звонка').value).toBe('topRight')
  })

  test('says what the office says, and that a screen is unplugged', async () => {
    const office = scene('ws-settings-office')
    const origins = [...(office.settings?.origins ?? []), { key: 'popupStay', from: 'computer' as const, locked: false, office: '20s' }]
    const backend = await show('ws-settings-office', { ...office, settings: { ...office.settings, origins } })
    expect(list('Угол для карточки звонка').disabled).toBe(true)
    expect(list('Угол для карточки звонка').value).toBe('bottomLeft')
    await waitFor(() => expect(texts('Экран для карточки звонка')).toContain('HDMI-1 (не подключён)'))
    expect(list('Экран для карточки звонка').value).toBe('HDMI-1')
    expect(screen.getByText(/20 секунд/, { selector: '.origin span' })).toBeTruthy()
    const back = screen.getByText(/20 секунд/, { selector: '.origin span' }).closest('.origin')!.querySelector('[role=button], button, a')!
    await fireEvent.click(back)
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledOnce())
    expect(backend.saveSettings.mock.lastCall?.[0]).toMatchObject({ popupStay: '20s', popupScreen: 'HDMI-1' })
  })

  test('has English words', async () => {
    await stage(scene('ws-settings'))
    setLanguage('en')
    settingsView.section = 'general'
    router.reset({ page: 'settings' })
    render(Settings)
    expect(await screen.findByLabelText('Corner for the popup')).toBeTruthy()
    expect(texts('After a call the popup stays')).toEqual(['While there is something to do', 'Until you close it', '5 seconds', '20 seconds', '60 seconds'])
  })
})

describe('notifications', () => {
  const tick = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })

  test('tell of missed calls and decisions unless somebody says otherwise, and of a pause only then; each is kept at once', async () => {
    const backend = await show('ws-settings')
    const names = ['Пропущенные звонки', 'Нужно ваше решение', 'Звонок во время паузы', 'Если карточку некуда поставить']
    expect(names.map((name) => tick(name).checked)).toEqual([true, true, false, true])
    await fireEvent.click(tick('Пропущенные звонки'))
    await fireEvent.click(tick('Звонок во время паузы'))
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(2))
    expect(backend.saveSettings.mock.lastCall?.[0]).toMatchObject({ notifyMissed: false, notifyPaused: true, notifyDecisions: true, notifyInstead: true })
  })

  test('stay as they were when that cannot be kept, and as the office says where it has the last word', async () => {
    const refused = scene('ws-settings-refused')
    const origins = [{ key: 'notifyPaused', from: 'office' as const, locked: true, office: null }]
    await show('ws-settings-refused', { ...refused, settings: { ...refused.settings, origins } })
    expect(tick('Звонок во время паузы').disabled).toBe(true)
    await fireEvent.click(tick('Пропущенные звонки'))
    expect(await screen.findByRole('alert')).toBeTruthy()
    await waitFor(() => expect(tick('Пропущенные звонки').checked).toBe(true))
  })
})

test('calls that are higher than the screen scroll within it', async () => {
  await stage('popup-stacked-low')
  await room.follow()
  render(Popup)
  await tick()
  expect(screen.getByRole('dialog').style.maxHeight).toBe('min(var(--h-popup-max), 240px)')
  expect(document.querySelectorAll('section')).toHaveLength(4)
})
