import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Result, TestLine } from '$lib/backend'
import { desk as deskView } from '$lib/backend/fake/scene'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import NoKeychain from '../src/pages/NoKeychain.svelte'
import SetUp from '../src/pages/SetUp.svelte'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
})

async function show(name: string) {
  const backend = await stage(name)
  render(SetUp)
  await screen.findByRole('heading', { name: 'Подключение к АТС' })
  return backend
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const button = (name: string | RegExp) => screen.getByRole('button', { name })

async function fill(label: string, value: string) {
  await fireEvent.input(field(label), { target: { value } })
}

async function submit() {
  await fireEvent.submit(document.querySelector('form')!)
  await tick()
}

async function fillPbx() {
  await fill('Адрес АТС', ' https://pbx.example:8089 ')
  await fill('Внутренний номер', '204')
  await fill('Пароль', 'topsecret')
}

describe('the set-up', () => {
  test('d6_two_steps_lead_to_saved_settings_and_each_is_tested_first', async () => {
    const backend = await show('ws-setup-empty')
    await fillPbx()
    await submit()
    await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })
    expect(screen.getByText('АТС подключена, внутренний 204')).toBeTruthy()
    await fill('Адрес', 'https://company.omnidesk.ru')
    await fill('Ваша почта в Омнидеске', 'a@company.example')
    await fill('API-ключ', 'k-123')
    await submit()
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(1))
    const [settings, secrets] = backend.saveSettings.mock.calls[0]!
    expect(settings).toMatchObject({
      pbxUrl: 'https://pbx.example:8089',
      extension: '204',
      omnideskUrl: 'https://company.omnidesk.ru',
      email: 'a@company.example',
      // The only one that is named so.
      channel: 'cch101',
    })
    expect(secrets).toEqual({ pbxPassword: 'topsecret', apiKey: 'k-123' })
    expect(backend.testPbx.mock.calls[0]?.[1]).toEqual({ pbxPassword: 'topsecret', apiKey: null })
    expect(await screen.findByText('Настройки сохранены, подключаемся')).toBeTruthy()
    expect(router.current, 'a call is tried next').toEqual({ page: 'trial' })
  })

  test('d6_starting_at_login_is_asked_once_at_its_end_and_is_on_unless_the_agent_says_no', async () => {
    const through = async (press: boolean) => {
      const backend = await show('ws-setup-pbx')
      backend.testOmnidesk.mockResolvedValue({ status: 'ok', data: [] })
      expect(screen.queryByRole('checkbox', { name: 'Запускать Ringside при входе в систему' })).toBeNull()
      await submit()
      await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })
      const tick = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Запускать Ringside при входе в систему' })
      expect(tick.checked).toBe(true)
      if (press) await fireEvent.click(tick)
      expect(backend.startAtLogin).not.toHaveBeenCalled()
      await submit()
      await waitFor(() => expect(backend.startAtLogin.mock.calls).toEqual([[!press]]))
      cleanup()
    }
    await through(false)
    await through(true)
  })

  test('where the system is not asked it is no question', async () => {
    const { startAtLogin } = await (async () => {
      const backend = await stage('ws-setup-pbx')
      backend.startsAtLogin.mockResolvedValue({ status: 'ok', data: null })
      backend.testOmnidesk.mockResolvedValue({ status: 'ok', data: [] })
      render(SetUp)
      return backend
    })()
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    await submit()
    await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })
    expect(screen.queryByRole('checkbox')).toBeNull()
    await submit()
    await waitFor(() => expect(router.current).toEqual({ page: 'trial' }))
    expect(startAtLogin).not.toHaveBeenCalled()
  })

  test('marks empty fields and asks nothing of the PBX', async () => {
    const backend = await show('ws-setup-empty')
    expect(screen.queryByText('Заполните это поле')).toBeNull()
    await submit()
    expect(screen.getAllByText('Заполните это поле')).toHaveLength(3)
    expect(field('Адрес АТС').getAttribute('aria-invalid')).toBe('true')
    expect(document.activeElement).toBe(field('Адрес АТС'))
    expect(backend.testPbx).not.toHaveBeenCalled()
  })

  test('another kind of PBX asks for what it wants, and says what it cannot do', async () => {
    const backend = await show('ws-setup-empty')
    await fireEvent.click(button('Ещё'))
    await fireEvent.change(screen.getByRole('combobox', { name: 'Откуда приходят события' }), { target: { value: 'feed' } })
    expect(screen.getByText(/звонить из Ringside и прикладывать записи через него нельзя/)).toBeTruthy()
    expect(screen.queryByLabelText('Пользователь ARI')).toBeNull()
    expect(screen.queryByLabelText('Контекст исходящих')).toBeNull()
    await submit()
    expect(screen.getAllByText('Заполните это поле')).toHaveLength(3)
    await fill('Адрес ленты событий', ' https://gateway.example/feed')
    await fill('Внутренний номер', '204')
    await fill('Токен', 't-1')
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Откуда приходят события' }).value).toBe('feed')
    await submit()
    expect(backend.testPbx.mock.calls[0]?.[0]).toMatchObject({ pbxVendor: 'feed', pbxUrl: 'https://gateway.example/feed', extension: '204' })
    expect(backend.testPbx.mock.calls[0]?.[1]).toEqual({ pbxPassword: 't-1', apiKey: null })
  })

  test('whoever had settings finds them all again', async () => {
    await show('ws-setup-pbx')
    expect(field('Адрес АТС').value).toBe('https://pbx.severtech.example:8089')
    expect(field('Внутренний номер').value).toBe('204')
    await fireEvent.click(button('Ещё'))
    expect(field('Контекст исходящих').value).toBe('from-internal')
    expect(field('Пользователь ARI').value).toBe('ringside')
  })

  test('begins in the first field', async () => {
    await show('ws-setup-empty')
    expect(document.activeElement).toBe(field('Адрес АТС'))
  })

  test('says in plain words what is wrong, and hides the rest under details for administrators', async () => {
    await show('ws-setup-phone')
    await submit()
    expect(await screen.findByText('Софтфон 204 не подключён к АТС')).toBeTruthy()
    expect(screen.getByText('pbx.severtech.example отвечает')).toBeTruthy()
    expect(screen.getByText('64 мс')).toBeTruthy()
    expect(screen.queryByText(/state offline/)).toBeNull()
    await fireEvent.click(button('Подробности для администратора'))
    expect(screen.getByText(/state offline/)).toBeTruthy()
  })

  test('a failed test can be passed over', async () => {
    await show('ws-setup-phone')
    await submit()
    await fireEvent.click(await screen.findByRole('button', { name: 'Продолжить без проверки' }))
    expect(await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })).toBeTruthy()
    expect(screen.getByText('АТС не проверена, внутренний 204')).toBeTruthy()
  })

  test('a refused key is marked at its field; the steps after it were not tried', async () => {
    await show('ws-setup-pbx')
    await submit()
    await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })
    await submit()
    expect((await screen.findAllByText('Омнидеск не принял ключ')).length).toBe(2)
    expect(field('API-ключ').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText(/выдан для severtech.omnidesk.ru. Ключи лежат в Омнидеске: «Настройки», затем «API»/)).toBeTruthy()
    expect(screen.getByText('Канал для звонков').parentElement?.textContent).toContain('Не проверялось')
    await fill('API-ключ', 'another')
    expect(screen.queryByText('Омнидеск не принял ключ')).toBeNull()
  })

  test('an address that cannot be one is said at its field', async () => {
    const backend = await show('ws-setup-pbx')
    backend.testPbx.mockResolvedValue({ status: 'error', error: { trouble: 'badSetting', about: 'pbxUrl' } })
    await submit()
    expect(await screen.findByText('Проверьте это поле')).toBeTruthy()
    expect(field('Адрес АТС').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText('Проверка не началась. Настройка пуста или записана с ошибкой.')).toBeTruthy()
  })

  test('a step with nothing to try does not stand in the way', async () => {
    const backend = await show('ws-setup-pbx')
    const line = (step: string, outcome: TestLine['outcome']): TestLine => ({ step, outcome, ms: null, trouble: null, details: null, address: null })
    backend.testOmnidesk.mockResolvedValue({ status: 'ok', data: [line('reach', 'passed'), line('signIn', 'passed'), line('staff', 'passed'), line('channel', 'skipped')] })
    await submit()
    await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })
    await submit()
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(1))
  })

  test('the answer about settings that have changed meanwhile is dropped', async () => {
    const backend = await show('ws-setup-pbx')
    let answer: (result: Result<TestLine[]>) => void = () => undefined
    backend.testPbx.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
    await fireEvent.click(button('Проверить'))
    expect(button('Проверяем').getAttribute('aria-busy')).toBe('true')
    await fill('Адрес АТС', 'https://other.example')
    answer({ status: 'ok', data: [{ step: 'reach', outcome: 'passed', ms: 1, trouble: null, details: null, address: null }] })
    await tick()
    await tick()
    expect(screen.queryByText(/отвечает/)).toBeNull()
    expect(button('Проверить')).toBeTruthy()
  })

  test('what the back end refuses to save is said at its field, on its step', async () => {
    const backend = await show('ws-setup-pbx')
    backend.testOmnidesk.mockResolvedValue({ status: 'ok', data: [] })
    backend.saveSettings.mockResolvedValue({ status: 'error', error: { trouble: 'badSetting', about: 'pbxUrl' } })
    await submit()
    await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })
    await submit()
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    expect(screen.getByText('Проверьте это поле')).toBeTruthy()
    expect(screen.getByRole('alert').textContent).toContain('Не сохранено')
  })

  test('a password is hidden until it is asked for', async () => {
    await show('ws-setup-empty')
    await fill('Пароль', 'topsecret')
    expect(field('Пароль').type).toBe('password')
    await fireEvent.click(button('Показать'))
    expect(field('Пароль').type).toBe('text')
  })

  test('d4_secrets_from_the_environment_are_named_and_warned_about', async () => {
    await show('ws-setup-environment')
    expect(field('Пароль').disabled).toBe(true)
    expect(field('Пароль').placeholder).toBe('Из переменной RINGSIDE_PBX_PASSWORD')
    expect(screen.getByText(/Это только для проверки/)).toBeTruthy()
  })
})

describe('without a keychain', () => {
  test('says what to do and which variables stand in for tests', async () => {
    await stage('ws-nokeychain')
    render(NoKeychain)
    expect(screen.getByRole('heading', { name: 'Связка ключей не отвечает' })).toBeTruthy()
    for (const variable of ['RINGSIDE_SECRETS=environment', 'RINGSIDE_PBX_PASSWORD', 'RINGSIDE_OMNIDESK_KEY']) {
      expect(document.querySelector('pre')?.textContent).toContain(variable)
    }
  })

  test('d4_a_locked_one_is_to_be_unlocked_and_nothing_is_to_be_installed', async () => {
    await stage('ws-keychain-locked')
    render(NoKeychain)
    expect(screen.getByRole('heading', { name: 'Связка ключей закрыта' })).toBeTruthy()
    expect(screen.getByText(/Введите пароль связки ключей/)).toBeTruthy()
    expect(document.querySelector('pre')).toBeNull()
    await fireEvent.click(button('Повторить'))
    expect(await screen.findByText('Связка ключей по-прежнему закрыта.')).toBeTruthy()
  })

  test('tries again and takes over the new state', async () => {
    const backend = await stage('ws-nokeychain')
    render(NoKeychain)
    await fireEvent.click(button('Повторить'))
    expect(await screen.findByText('Связка ключей по-прежнему не отвечает.')).toBeTruthy()
    backend.desk.mockResolvedValue(deskView({ revision: 9 }))
    await fireEvent.click(button('Повторить'))
    await waitFor(() => expect(desk.view.stage.type).toBe('ready'))
  })
})
