import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { language, setTheme } from '$lib/i18n.svelte'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import Outbox from '../src/pages/Outbox.svelte'
import Settings from '../src/pages/Settings.svelte'
import type { IndexView } from '$lib/backend'
import { openSection, settingsView } from '../src/pages/settings/section.svelte'
import { usersText } from '../src/pages/settings/users'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
  settingsView.section = 'connections'
  settingsView.editing = null
  setTheme('')
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

describe('connections', () => {
  test('say how they are, since when, and why not', async () => {
    await show('ws-settings')
    expect(card('АТС').getByText(/Подключена с/)).toBeTruthy()
    expect(card('АТС').getByText('pbx.severtech.example')).toBeTruthy()
    expect(card('Омнидеск').getByText(/Нет связи с .*, повтор через 1[12] с/)).toBeTruthy()
    expect(card('Омнидеск').getByText('Ответ не пришёл вовремя')).toBeTruthy()
  })

  test('are tested in place with the settings in force', async () => {
    const backend = await show('ws-settings')
    await fireEvent.click(card('АТС').getByRole('button', { name: 'Проверить' }))
    expect(await screen.findByText('События приходят')).toBeTruthy()
    expect(backend.testPbx.mock.calls[0]?.[1]).toEqual({ pbxPassword: null, apiKey: null })
  })

  test('a kept password belongs to its address: for another one it is typed anew', async () => {
    const backend = await show('ws-settings')
    await fireEvent.click(card('АТС').getByRole('button', { name: 'Изменить' }))
    const password = screen.getByLabelText<HTMLInputElement>('Пароль')
    const address = screen.getByLabelText<HTMLInputElement>('Адрес АТС')
    expect(password.placeholder).toBe('Сохранён. Введите, чтобы заменить')
    const kept = address.value
    for (const [value, same] of [[`${kept}/other`, true], [`${kept}.evil.example`, false], [kept.replace('https:', 'http:'), false], [kept, true]] as const) {
      await fireEvent.input(address, { target: { value } })
      expect(password.placeholder !== '', value).toBe(same)
      expect(screen.queryByText(/только на прежний адрес/) === null, value).toBe(same)
    }
    await fireEvent.input(address, { target: { value: 'https://pbx.other.example' } })
    await fireEvent.click(button('Сохранить'))
    expect(backend.saveSettings).not.toHaveBeenCalled()
    expect(screen.getByText(/только на прежний адрес/), 'the field says why').toBeTruthy()
  })

  test('are changed in a form, and a password that was not typed stays as it is', async () => {
    const backend = await show('ws-settings')
    await fireEvent.click(card('АТС').getByRole('button', { name: 'Изменить' }))
    await fireEvent.input(screen.getByLabelText('Внутренний номер'), { target: { value: '205' } })
    await fireEvent.click(button('Сохранить'))
    await waitFor(() => expect(card('АТС').getByText('205')).toBeTruthy())
    const [settings, secrets] = backend.saveSettings.mock.calls[0]!
    expect(settings.extension).toBe('205')
    expect(settings.omnideskUrl).toBe('https://severtech.omnidesk.ru')
    expect(secrets).toEqual({ pbxPassword: null, apiKey: null })
  })

  test('a refused change stays typed and is said at its field', async () => {
    await show('ws-settings-refused')
    await fireEvent.click(card('АТС').getByRole('button', { name: 'Изменить' }))
    await fireEvent.input(screen.getByLabelText('Адрес АТС'), { target: { value: 'nonsense' } })
    await fireEvent.input(screen.getByLabelText('Пароль'), { target: { value: 'geheim' } })
    await fireEvent.submit(document.querySelector('form')!)
    expect(await screen.findByText('Проверьте это поле')).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>('Адрес АТС').value).toBe('nonsense')
  })

  test('d5_another_account_waits_for_what_is_owed_to_the_old_one_and_for_the_end_of_a_call', async () => {
    const backend = await show('ws-settings')
    const owed = desk.view.outbox.filter((row) => row.state !== 'done').length
    expect(owed).toBeGreaterThan(0)
    for (const [about, said] of [
      ['owed', `Ещё не отправлено: ${owed}. Отправьте это или выберите «Не отправлять» в разделе «Отправка в Омнидеск», затем смените адрес.`],
      ['inCall', 'Идёт звонок. Смените адрес, когда он закончится.'],
    ] as const) {
      backend.saveSettings.mockResolvedValueOnce({ status: 'error', error: { trouble: 'refused', about } })
      if (settingsView.editing === null) await fireEvent.click(card('Омнидеск').getByRole('button', { name: 'Изменить' }))
      await fireEvent.input(screen.getByLabelText('Адрес'), { target: { value: 'https://other.omnidesk.ru' } })
      await fireEvent.input(screen.getByLabelText('API-ключ'), { target: { value: 'its-own-key' } })
      await fireEvent.click(button('Сохранить'))
      expect(await screen.findByText(said)).toBeTruthy()
      expect(screen.getByLabelText<HTMLInputElement>('Адрес').value).toBe('https://other.omnidesk.ru')
    }
  })

  test('a cancelled change is forgotten', async () => {
    const backend = await show('ws-settings')
    await fireEvent.click(card('АТС').getByRole('button', { name: 'Изменить' }))
    await fireEvent.input(screen.getByLabelText('Внутренний номер'), { target: { value: '999' } })
    await fireEvent.click(button('Отмена'))
    expect(card('АТС').getByText('204')).toBeTruthy()
    expect(backend.saveSettings).not.toHaveBeenCalled()
  })

  test('d4_the_place_of_secrets_is_said_and_environment_variables_are_warned_about', async () => {
    await show('ws-settings')
    expect(screen.getByText(/Хранятся в связке ключей системы/)).toBeTruthy()
    document.body.innerHTML = ''
    await show('ws-settings-environment')
    expect(screen.getByText(/Взяты из переменных окружения/).closest('[data-call]')?.getAttribute('data-call')).toBe('wait')
    expect(card('Омнидеск').getByText('Из переменной RINGSIDE_OMNIDESK_KEY')).toBeTruthy()
  })

  test('can be opened from elsewhere with the form to mend them', async () => {
    await stage('ws-settings')
    openSection('connections', 'omnidesk')
    render(Settings)
    expect(await screen.findByLabelText('API-ключ')).toBeTruthy()
    expect(router.current).toEqual({ page: 'settings' })
  })
})

describe('language and theme', () => {
  async function choose(label: string, value: string) {
    await fireEvent.click(button('Общие'))
    await fireEvent.change(screen.getByLabelText(label), { target: { value } })
    await tick()
  }

  test('apply at once and are kept', async () => {
    const backend = await show('ws-settings')
    await choose('Язык', 'en')
    expect(language()).toBe('en')
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeTruthy()
    await fireEvent.change(screen.getByLabelText('Theme'), { target: { value: 'dark' } })
    expect(document.documentElement.dataset.theme).toBe('dark')
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(2))
    expect(backend.saveSettings.mock.calls[1]?.[0]).toMatchObject({ language: 'en', theme: 'dark' })
  })

  test('two quick choices both hold, however slowly the first is saved', async () => {
    const backend = await show('ws-settings')
    const save = backend.saveSettings.getMockImplementation()!
    let first: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (first = resolve))
    backend.saveSettings.mockImplementationOnce(async (...args) => {
      await gate
      return save(...args)
    })
    await choose('Страна по умолчанию', 'KZ')
    await fireEvent.change(screen.getByLabelText('Тема'), { target: { value: 'dark' } })
    first()
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(2))
    await tick()
    expect(backend.saveSettings.mock.calls[1]?.[0]).toMatchObject({ region: 'KZ', theme: 'dark' })
    expect(document.documentElement.dataset.theme).toBe('dark')
  })

  test('go back when they cannot be kept', async () => {
    await show('ws-settings-refused')
    await choose('Тема', 'dark')
    expect(await screen.findByRole('alert')).toBeTruthy()
    expect(document.documentElement.dataset.theme).toBeUndefined()
    expect(screen.getByLabelText<HTMLSelectElement>('Тема').value).toBe('')
  })
})

test('the section of calls and cases saves its codes and nothing half-typed elsewhere', async () => {
  const backend = await show('ws-settings')
  await fireEvent.click(button('Звонки и обращения'))
  await screen.findByRole('option', { name: 'Чат на сайте (cch102)' })
  await fireEvent.change(screen.getByRole('combobox', { name: 'Канал «Звонки»' }), { target: { value: 'cch102' } })
  await fireEvent.submit(document.querySelector('form')!)
  expect(await screen.findByText('Сохранено')).toBeTruthy()
  expect(backend.saveSettings.mock.calls[0]?.[0]).toMatchObject({ channel: 'cch102', extension: '204' })
})

describe('the outbox', () => {
  async function showOutbox(name: string) {
    const backend = await stage(name)
    router.reset({ page: 'outbox' })
    render(Outbox)
    await tick()
    return backend
  }

  test('d5_groups_what_needs_a_decision_what_waits_and_what_was_sent', async () => {
    await showOutbox('ws-outbox')
    expect(screen.getByText('Ждут решения 1, в очереди 3, сегодня отправлено 2')).toBeTruthy()
    const wedged = card('Нужно решение')
    expect(wedged.getByText('Суть звонка в обращение 482-113858')).toBeTruthy()
    expect(wedged.getByText(/Обращение удалено в Омнидеске. Текст сохранён здесь/)).toBeTruthy()
    const queued = card('В очереди')
    expect(queued.getByText('Запись разговора, 04:12')).toBeTruthy()
    expect(queued.getByText(/Омнидеск просит подождать: слишком много запросов за минуту/)).toBeTruthy()
    expect(queued.getByText(/повтор в \d\d:\d\d/)).toBeTruthy()
    expect(queued.getByText('ждём АТС')).toBeTruthy()
    expect(card('Отправлено сегодня').getByText('Статус «в ожидании» для 482-113858')).toBeTruthy()
  })

  test('a refused action is tried again on demand; codes stay under the details', async () => {
    const backend = await showOutbox('ws-outbox')
    expect(screen.queryByText(/case_not_found/)).toBeNull()
    await fireEvent.click(button('Подробности для администратора'))
    expect(screen.getByText(/404 case_not_found/)).toBeTruthy()
    expect(screen.getByText('3 попытки')).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: /^Повторить: Суть звонка/ }))
    expect(backend.retryOutbox.mock.calls).toEqual([['o1']])
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Нужно решение' })).toBeNull())
  })

  test('«Отправить сейчас» hurries what waits for its time, and nothing else', async () => {
    const backend = await showOutbox('ws-outbox')
    await fireEvent.click(button('Отправить сейчас'))
    await waitFor(() => expect(backend.retryOutbox.mock.calls).toEqual([['o3']]))
  })

  test('a retry that the back end refuses is said', async () => {
    const backend = await showOutbox('ws-outbox')
    backend.retryOutbox.mockResolvedValue({ status: 'error', error: { trouble: 'storage', about: null } })
    await fireEvent.click(screen.getByRole('button', { name: /^Повторить: / }))
    expect((await screen.findByRole('alert')).textContent).toContain('Диск этого компьютера не записывает данные')
  })

  test('says that everything is sent', async () => {
    await showOutbox('ws-outbox-empty')
    expect(screen.getByRole('heading', { name: 'Всё отправлено' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Отправить сейчас' })).toBeNull()
  })

  test('a row of an unknown kind, of a call that has left the list, is still shown', async () => {
    const from = scene('ws-outbox')
    await showOutbox('ws-outbox')
    const row = { ...from.view.outbox[0]!, what: 'hologram', call: 'gone', code: null, attempts: 0, trouble: null }
    desk.apply({ ...from.view, revision: 50, outbox: [row] })
    expect(await screen.findByText('Другое действие')).toBeTruthy()
  })
})

describe('the users on this computer', () => {
  const AT = new Date(2026, 10, 22, 9, 2).getTime()
  const line = (part: Partial<IndexView>) => usersText({ users: 1240, asOf: AT, reading: false, read: 0, of: null, secondsLeft: null, missing: 0, failed: false, ...part }).replaceAll('\u00a0', ' ')

  test('are counted in the card of Omnidesk, with the time', async () => {
    await show('ws-settings')
    expect(card('Омнидеск').getByText(/Пользователей на этом компьютере: 1.240, обновлено сегодня в 09:02/)).toBeTruthy()
    expect(card('АТС').queryByText(/Пользователей на этом компьютере/)).toBeNull()
  })

  test('are told in words when some are missing, for another day, and while they are read', () => {
    expect(line({ missing: 3 })).toBe('Пользователей на этом компьютере: 1 240, обновлено сегодня в 09:02; не прочитано: 3, они читаются снова сами')
    expect(line({ asOf: new Date(2024, 10, 12, 14, 5).getTime() })).toMatch(/обновлено 12 ноября 2024 г. в 14:05$/)
    const first = { users: 300, asOf: null, reading: true, read: 300, of: 12_400 }
    expect(line(first)).toBe('Пользователи читаются из Омнидеска: 300 из 12 400')
    expect(line({ ...first, secondsLeft: 241 })).toBe('Пользователи читаются из Омнидеска: 300 из 12 400, осталось около 5 мин')
    expect(line({ ...first, secondsLeft: 7_260 })).toContain('около 2 ч 1 мин')
    expect(line({ ...first, of: null, failed: true })).toBe('Пользователи читаются из Омнидеска. Последняя страница не прочитана, программа попробует ещё раз сама')
    expect(line({ asOf: null })).toBe('')
  })
})

describe('dialling', () => {
  const country = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Страны, куда звонят без вопроса' })

  async function open() {
    const backend = await show('ws-settings')
    await fireEvent.click(button('Набор номера'))
    return backend
  }

  test('which numbers are asked about is chosen by kind and saved together', async () => {
    const backend = await open()
    await fireEvent.change(screen.getByRole('combobox', { name: 'Платные номера' }), { target: { value: 'never' } })
    await fireEvent.change(screen.getByRole('combobox', { name: 'Другие страны' }), { target: { value: 'allow' } })
    await fireEvent.input(country(), { target: { value: 'kz; by,KZ' } })
    expect(screen.getByText('Казахстан, Беларусь')).toBeTruthy()
    await fireEvent.click(button('Сохранить'))
    const sent = backend.saveSettings.mock.lastCall?.[0].dialPolicy
    expect(sent).toEqual({ countries: ['KZ', 'BY'], foreign: 'allow', premium: 'never', satellite: 'ask', sharedCost: 'ask', fixed: false })
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Сохранено'))
  })

  test('a code that has a name and no telephone numbers is told when the back end took none of it', async () => {
    const base = scene('ws-settings')
    const backend = await stage(base)
    backend.saveSettings.mockImplementation(async (settings) => ({ status: 'ok', data: { ...settings, dialPolicy: { ...settings.dialPolicy, countries: ['KZ'] } } }))
    router.reset({ page: 'settings' })
    render(Settings)
    await tick()
    await tick()
    await fireEvent.click(button('Набор номера'))
    await fireEvent.input(country(), { target: { value: 'KZ, EU' } })
    await fireEvent.click(button('Сохранить'))
    await waitFor(() => expect(screen.getByText('Таких стран нет: EU')).toBeTruthy())
  })

  test('what the office has decided is shown and not changed', async () => {
    await show('ws-settings-office')
    await fireEvent.click(button('Набор номера'))
    expect(country().readOnly).toBe(true)
    for (const select of screen.getAllByRole<HTMLSelectElement>('combobox')) expect(select.disabled).toBe(true)
    expect(screen.queryByRole('button', { name: 'Сохранить' })).toBeNull()
    expect(screen.getByText(/задано для всей организации/)).toBeTruthy()
  })

  test('when a link asks is the agent’s to say, also where the office has decided about numbers', async () => {
    const base = scene('ws-settings-office')
    const origins = (base.settings?.origins ?? []).filter(({ key }) => key !== 'linksAsk')
    const backend = await stage({ ...base, settings: { ...base.settings, origins } })
    router.reset({ page: 'settings' })
    render(Settings)
    await tick()
    await tick()
    await fireEvent.click(button('Набор номера'))
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Платные номера' }).disabled).toBe(true)
    await fireEvent.change(screen.getByRole('combobox', { name: 'Номер из ссылки' }), { target: { value: 'notCalledBefore' } })
    await fireEvent.click(button('Сохранить'))
    expect(backend.saveSettings.mock.lastCall?.[0].linksAsk).toBe('notCalledBefore')
  })

  describe('links to numbers', () => {
    const links = () => screen.findByRole('region', { name: 'Ссылки с номерами' })

    test('who opens them is said; Ringside takes them and gives them back', async () => {
      const backend = await open()
      expect((await links()).textContent).toContain('Linphone')
      await fireEvent.click(button('Открывать в Ringside'))
      await waitFor(() => expect(button('Вернуть как было')).toBeTruthy())
      expect((await links()).textContent).toContain('открывает Ringside')
      expect(backend.takeLinks).toHaveBeenCalledOnce()
      await fireEvent.click(button('Вернуть как было'))
      await waitFor(() => expect(button('Открывать в Ringside')).toBeTruthy())
      expect(screen.queryByRole('alert')).toBeNull()
    })

    test('a system that does not take it, and one that does not tell, are said', async () => {
      const base = scene('ws-settings')
      const backend = await stage(base)
      backend.takeLinks.mockResolvedValueOnce({ status: 'error', error: { trouble: 'other', about: null } })
      router.reset({ page: 'settings' })
      const page = render(Settings)
      await tick()
      await tick()
      await fireEvent.click(button('Набор номера'))
      await links()
      await fireEvent.click(button('Открывать в Ringside'))
      await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Система этого не приняла'))
      expect((await links()).textContent).toContain('Linphone')
      page.unmount()

      backend.linksHolder.mockResolvedValueOnce({ status: 'ok', data: { type: 'unknown' } })
      render(Settings)
      await tick()
      await tick()
      expect((await links()).textContent).toContain('xdg-mime')
      expect(screen.queryByRole('button', { name: 'Открывать в Ringside' })).toBeNull()
    })
  })

  test('what is no country is named and nothing is saved', async () => {
    const backend = await open()
    await fireEvent.input(country(), { target: { value: 'KZ, Russia, QQ, ../' } })
    await fireEvent.click(button('Сохранить'))
    expect(backend.saveSettings).not.toHaveBeenCalled()
    expect(screen.getByText('Таких стран нет: RUSSIA, QQ')).toBeTruthy()
  })
})

describe('an office', () => {
  test('d6_has_the_last_word_on_what_it_locks_and_its_lock_is_seen', async () => {
    await show('ws-settings-office')
    await fireEvent.click(card('АТС').getByRole('button', { name: 'Изменить' }))
    expect(screen.getByLabelText<HTMLInputElement>('Адрес АТС').readOnly).toBe(true)
    expect(screen.getByLabelText<HTMLInputElement>('Внутренний номер').readOnly).toBe(false)
    expect(screen.getAllByText('Задано офисом и здесь не меняется')).toHaveLength(2)
  })

  test('d6_what_differs_from_its_word_can_be_put_back', async () => {
    const backend = await show('ws-settings-office')
    openSection('cases')
    await tick()
    await fireEvent.click(screen.getAllByRole('button', { name: 'Вернуть как у офиса' })[1]!)
    await fireEvent.click(button('Сохранить'))
    await waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0].several).toBe('ask'))
  })

  test('d6_language_and_theme_too_and_what_is_put_back_is_saved_at_once', async () => {
    const backend = await show('ws-settings-office')
    openSection('general')
    await tick()
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Язык' }).disabled).toBe(true)
    expect(screen.getByText('У офиса: Тёмная.')).toBeTruthy()
    await fireEvent.click(button('Вернуть как у офиса'))
    await waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0].theme).toBe('dark'))
  })

  test('d6_what_the_back_end_refuses_as_locked_is_said', async () => {
    const backend = await show('ws-settings-office')
    backend.saveSettings.mockResolvedValue({ status: 'error', error: { trouble: 'refused', about: 'locked' } })
    openSection('cases')
    await tick()
    await fireEvent.click(button('Сохранить'))
    expect(await screen.findByText('Не сохранено. Задано офисом и здесь не меняется.')).toBeTruthy()
  })
})
