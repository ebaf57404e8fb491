/** Key combinations for every program: how one is recorded, switched off, and said not to work. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { combinationOf } from '$lib/hotkeys'
import { router } from '$lib/router.svelte'
import Settings from '../src/pages/Settings.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
  settingsView.section = 'connections'
})

async function show(overrides: Parameters<typeof stage>[0] = scene('ws-settings')) {
  const backend = await stage(overrides)
  settingsView.section = 'general'
  router.reset({ page: 'settings' })
  render(Settings)
  await screen.findByRole('button', { name: /^Набрать выделенный номер/ })
  return backend
}

const field = (label = 'Набрать выделенный номер') => screen.getByRole('button', { name: new RegExp(`^${label}:`) })
const press = (code: string, keys: Partial<KeyboardEventInit> = {}) => fireEvent.keyDown(field(), { code, ...keys })
const CTRL_ALT = { ctrlKey: true, altKey: true }

test.each([
  ['KeyC', CTRL_ALT, 'Ctrl+Alt+C'],
  ['Digit7', { ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+7'],
  ['F12', { altKey: true, metaKey: true }, 'Alt+Super+F12'],
  ['Space', CTRL_ALT, 'Ctrl+Alt+Space'],
  ['KeyC', { ctrlKey: true }, null],
  ['F5', {}, null],
  ['Delete', CTRL_ALT, null],
  ['F13', CTRL_ALT, null],
  ['ControlLeft', CTRL_ALT, null],
])('%s with %o is %s, in any layout', (code, keys, combination) => {
  expect(combinationOf(new KeyboardEvent('keydown', { code, key: 'ы', ...keys }))).toBe(combination)
})

describe('a combination in the settings', () => {
  test('is recorded while none is heard, and kept at once', async () => {
    const backend = await show()
    expect(field().textContent?.trim()).toBe('Ctrl+Alt+C')
    await fireEvent.click(field())
    expect(backend.recordHotkey).toHaveBeenLastCalledWith(true)
    expect(field().getAttribute('aria-pressed')).toBe('true')
    expect(screen.getByText(/^Нажмите сочетание/)).toBeTruthy()
    await press('ControlLeft', { ctrlKey: true })
    await press('KeyD', { ctrlKey: true })
    expect(screen.getByText(/^Нужны две из клавиш/)).toBeTruthy()
    expect(backend.saveSettings).not.toHaveBeenCalled()
    await press('KeyD', CTRL_ALT)
    expect(backend.recordHotkey).toHaveBeenLastCalledWith(false)
    await waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0]).toMatchObject({ hotkeyDial: 'Ctrl+Alt+D', hotkeyPopup: 'Ctrl+Alt+O' }))
    await waitFor(() => expect(field().textContent?.trim()).toBe('Ctrl+Alt+D'))
  })

  test('stays by Escape and by going on with Tab, and is switched off by Backspace or its cross', async () => {
    const backend = await show()
    await fireEvent.click(field())
    await press('Escape')
    expect(field().getAttribute('aria-pressed')).toBe('false')
    await fireEvent.click(field())
    await press('Tab')
    await fireEvent.blur(field())
    expect(backend.recordHotkey.mock.calls).toEqual([[true], [false], [true], [false]])
    expect(backend.saveSettings).not.toHaveBeenCalled()
    await fireEvent.click(field())
    await press('Backspace')
    await waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0]).toMatchObject({ hotkeyDial: '' }))
    await waitFor(() => expect(field().textContent?.trim()).toBe('Выключено'))
    await fireEvent.click(screen.getByRole('button', { name: 'Выключить: Скрыть личное' }))
    await waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0]).toMatchObject({ hotkeyPrivate: '' }))
  })

  test('that others have is said to be theirs, and one that stands beside it goes back with the reason', async () => {
    const taken = { by: 'here' as const, heard: [], taken: ['popup' as const] }
    await show({
      ...scene('ws-settings'),
      overrides: {
        hotkeys: async () => taken,
        saveSettings: async () => ({ status: 'error', error: { trouble: 'badSetting', about: 'hotkeySame' } }),
      },
    })
    expect(await screen.findAllByText(/^Не работает: это сочетание занято/)).toHaveLength(1)
    await fireEvent.click(field())
    await press('KeyO', CTRL_ALT)
    expect((await screen.findByRole('alert')).textContent).toContain('Это сочетание уже стоит рядом')
    expect(field().textContent?.trim()).toBe('Ctrl+Alt+C')
  })

  test('is the desktop’s matter where it lets no program hear keys, and the command to bind is said', async () => {
    await show({ ...scene('ws-settings'), overrides: { hotkeys: async () => ({ by: 'nobody', heard: [], taken: [] }) } })
    expect(await screen.findByText(/ringside dial --selection/)).toBeTruthy()
  })

  test('that the desktop hears shows the desktop’s keys, which are changed there, and is switched off here', async () => {
    const heard = [{ hotkey: 'dial' as const, keys: 'Press <Control><Alt>c' }, { hotkey: 'private' as const, keys: '' }]
    const backend = await stage({ ...scene('ws-settings'), overrides: { hotkeys: async () => ({ by: 'desktop', heard, taken: [] }) } })
    settingsView.section = 'general'
    router.reset({ page: 'settings' })
    render(Settings)
    expect(await screen.findByText('Press <Control><Alt>c')).toBeTruthy()
    expect(screen.getByText(/Клавиши назначает рабочий стол/)).toBeTruthy()
    expect(screen.getByText('Задано рабочим столом')).toBeTruthy()
    expect(screen.getByText('Не назначено')).toBeTruthy()
    expect(screen.getByText('Назначьте клавиши в настройках рабочего стола')).toBeTruthy()
    expect(screen.queryByText('Ctrl+Alt+C')).toBeNull()
    await fireEvent.click(screen.getByRole('button', { name: 'Выключить: Набрать выделенный номер' }))
    await waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0]).toMatchObject({ hotkeyDial: '' }))
    // Switched off, it can be recorded again: the keys are what the desktop is asked for.
    expect((await screen.findByRole('button', { name: /^Набрать выделенный номер:/ })).textContent?.trim()).toBe('Выключено')
  })

  test.each([
    ['asked', /ответьте в его окне/],
    ['failed', /xdg-desktop-portal/],
    ['refused', /вы отказались/],
  ] as const)('that the desktop does not hear, %s, is said in plain words', async (by, words) => {
    const backend = await show({ ...scene('ws-settings'), overrides: { hotkeys: async () => ({ by, heard: [], taken: [] }) } })
    expect(await screen.findByText(words)).toBeTruthy()
    const again = screen.queryByRole('button', { name: 'Спросить ещё раз' })
    expect(again !== null).toBe(by === 'refused')
    if (again !== null) {
      await fireEvent.click(again)
      expect(backend.askForHotkeys).toHaveBeenCalledOnce()
      expect(await screen.findByText(/ответьте в его окне/)).toBeTruthy()
    }
  })

  test('is told anew when that changes', async () => {
    let changed = () => {}
    const views = [{ by: 'asked' as const, heard: [], taken: [] }, { by: 'refused' as const, heard: [], taken: [] }]
    await show({
      ...scene('ws-settings'),
      overrides: {
        hotkeys: async () => views.length > 1 ? views.shift()! : views[0]!,
        onHotkeysChanged: async (listener) => {
          changed = listener
          return () => {}
        },
      },
    })
    expect(await screen.findByText(/ответьте в его окне/)).toBeTruthy()
    changed()
    expect(await screen.findByText(/вы отказались/)).toBeTruthy()
  })

  test('is not changed where the office has the last word', async () => {
    const origins = [{ key: 'hotkeyDial', from: 'office' as const, locked: true, office: null }]
    await show({ ...scene('ws-settings'), settings: { origins } })
    expect((field() as HTMLButtonElement).disabled).toBe(true)
    expect(screen.queryByRole('button', { name: 'Выключить: Набрать выделенный номер' })).toBeNull()
  })
})
