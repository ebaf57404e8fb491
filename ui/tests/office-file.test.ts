/** What an office's file may say: every key has a control on the screen, and comes back as it was typed. */
import { readFileSync } from 'node:fs'
import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { m } from '$lib/m'
import { router } from '$lib/router.svelte'
import Settings from '../src/pages/Settings.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
  settingsView.section = 'connections'
  settingsView.editing = null
})

async function show(name: string) {
  const backend = await stage(name)
  router.reset({ page: 'settings' })
  render(Settings)
  await tick()
  await tick()
  return backend
}

const card = (name: string) => within(screen.getByRole('region', { name }))
const button = (name: string) => screen.getByRole('button', { name })

describe('what an office’s file may say', () => {
  /** Where each key is set on the screen: section, form, and the control's name. */
  const PLACES: Record<string, [section: string, edit: string | null, control: string]> = {
    pbxVendor: ['Подключения', 'АТС', 'Откуда приходят события'],
    pbxUrl: ['Подключения', 'АТС', 'Адрес АТС'],
    plainHttp: ['Подключения', 'АТС', 'Всё равно подключаться к'],
    pbxCa: ['Подключения', 'АТС', 'Выбрать файл'],
    pbxUser: ['Подключения', 'АТС', m.settings_field_pbx_user()],
    extension: ['Подключения', 'АТС', 'Внутренний номер'],
    context: ['Подключения', 'АТС', 'Контекст исходящих'],
    recordingFolder: ['Подключения', 'АТС', 'Папка записей на АТС'],
    dialFormat: ['Подключения', 'АТС', 'Как АТС ждёт номера'],
    omnideskUrl: ['Подключения', 'Омнидеск', 'Адрес'],
    email: ['Подключения', 'Омнидеск', 'Ваша почта в Омнидеске'],
    channel: ['Подключения', 'Омнидеск', 'Канал «Звонки»'],
    callIdField: ['Звонки и обращения', null, m.settings_field_call_id()],
    claimField: ['Звонки и обращения', null, m.claim_field()],
    several: ['Звонки и обращения', null, 'Несколько пользователей с одним номером'],
    unansweredOutgoingCases: ['Звонки и обращения', null, 'Обращение по исходящему, на который не ответили'],
    users: ['Звонки и обращения', null, 'Обновлять список, часов'],
    historyMonths: ['Звонки и обращения', null, 'Хранить звонки, месяцев'],
    workingHours: ['Паузы карточек', null, m.pause_hours()],
    fileHosts: ['Звонки и обращения', null, 'Где лежат файлы сообщений'],
    region: ['Общие', null, m.settings_region()],
    language: ['Общие', null, 'Язык'],
    theme: ['Общие', null, 'Тема'],
    popupCorner: ['Общие', null, 'Угол для карточки звонка'],
    popupScreen: ['Общие', null, 'Экран для карточки звонка'],
    popupStay: ['Общие', null, 'После звонка карточка остаётся'],
    notifyMissed: ['Общие', null, 'Пропущенные звонки'],
    notifyPaused: ['Общие', null, 'Звонок во время паузы'],
    notifyDecisions: ['Общие', null, 'Нужно ваше решение'],
    notifyInstead: ['Общие', null, 'Если карточку некуда поставить'],
    linksAsk: ['Набор номера', null, 'Номер из ссылки'],
    hotkeyDial: ['Общие', null, 'Набрать выделенный номер'],
    hotkeyPopup: ['Общие', null, 'Перейти к карточке звонка'],
    hotkeyPrivate: ['Общие', null, 'Скрыть личное'],
    dialPolicy: ['Набор номера', null, 'Платные номера'],
    phrases: ['Фразы', null, 'Добавить фразу'],
    labels: ['Метки', null, 'Вернуть деньги'],
    officeSettings: ['Настройки отдела', null, 'Где публикуются'],
  }
  /** A page of its own; and what only an office says. */
  const ELSEWHERE = ['fields', 'updates']

  const source = readFileSync('../src-tauri/crates/engine/src/settings.rs', 'utf8')
  const body = /pub struct Settings \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  const keys = [...body.matchAll(/^ {4}pub (\w+):/gm)].map((match) => match[1]!.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))

  test('has a place on the screen, key by key', () => {
    expect(keys.filter((key) => key !== 'machine' && !ELSEWHERE.includes(key) && !(key in PLACES))).toEqual([])
  })

  test.each(Object.entries(PLACES))('%s has a control', async (_, [section, edit, control]) => {
    await show('ws-settings')
    if (section !== 'Подключения') await fireEvent.click(button(section))
    if (edit !== null) await fireEvent.click(card(edit).getByRole('button', { name: 'Изменить' }))
    if (control.startsWith('Всё равно')) await fireEvent.input(screen.getByLabelText('Адрес АТС'), { target: { value: 'http://pbx.example:8088' } })
    const named = new RegExp(`^${control.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
    const controls = ['textbox', 'combobox', 'checkbox', 'button'].flatMap((role) => screen.queryAllByRole(role, { name: named }))
    expect(controls.length, control).toBeGreaterThan(0)
  })

  test('comes back as it was typed: numbers, hosts, and how numbers are dialled', async () => {
    const backend = await show('ws-settings')
    await fireEvent.click(button('Звонки и обращения'))
    const type = (name: string, value: string) => fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } })
    await type('Хранить звонки, месяцев', '24')
    await type('Обновлять список, часов', '0')
    await type('Где лежат файлы сообщений', 'files.example.com\n*.cdn.example.com com')
    await fireEvent.click(button('Сохранить'))
    expect(backend.saveSettings).not.toHaveBeenCalled()
    expect(screen.getByText('Введите целое число от 1 до 168')).toBeTruthy()
    await type('Обновлять список, часов', '24')
    await fireEvent.click(screen.getByRole('checkbox', { name: /^Обращение по исходящему/ }))
    backend.saveSettings.mockImplementation(async (settings) => ({ status: 'ok', data: { ...settings, fileHosts: ['files.example.com', '*.cdn.example.com'] } }))
    await fireEvent.click(button('Сохранить'))
    const sent = backend.saveSettings.mock.lastCall?.[0]
    expect(sent).toMatchObject({ historyMonths: 24, usersHours: 24, unansweredOutgoingCases: false, fileHosts: ['files.example.com', '*.cdn.example.com', 'com'] })
    expect(await screen.findByText('Это не узлы: com')).toBeTruthy()
  })
})
