import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TestLine } from '$lib/backend'
import { router } from '$lib/router.svelte'
import Settings from '../src/pages/Settings.svelte'
import SetUp from '../src/pages/SetUp.svelte'
import { pemOf } from '../src/pages/settings/office-ca'
import { encrypted, isOpen } from '../src/pages/settings/open-address'
import { settingsView } from '../src/pages/settings/section.svelte'
import Rail from '../src/workspace/Rail.svelte'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
})

afterEach(() => {
  vi.restoreAllMocks()
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

const pbx = () => within(screen.getByRole('region', { name: 'АТС' }))
const edit = () => fireEvent.click(pbx().getByRole('button', { name: 'Изменить' }))
const save = () => fireEvent.click(screen.getByRole('button', { name: 'Сохранить' }))
const tick_ = () => screen.queryByRole<HTMLInputElement>('checkbox', { name: /Всё равно подключаться/ })
const address = () => screen.getByLabelText<HTMLInputElement>('Адрес АТС')
const REFUSED = /Без вашего согласия пароль на этот адрес не отправляется/

async function type(value: string) {
  await fireEvent.input(address(), { target: { value } })
}

test('the addresses that take a yes are those of plain HTTP beyond this computer', () => {
  for (const address of ['http://pbx', ' HTTP://10.0.0.5:8088/', 'http://128.0.0.1', 'http://127.0.0.1.example.org', 'http://localhost.example', 'http://0.0.0.0:8088', 'http://[::ffff:127.0.0.1]', 'http://127.0.0.1@pbx']) {
    expect(isOpen(address), address).toBe(true)
  }
  for (const address of ['', 'http', 'http://', 'pbx.example:8088', 'https://pbx', 'http://localhost:8088', 'http://127.0.0.1', 'http://127.1:8088', 'http://127.9.9.9', 'http://[::1]:8088', 'ftp://pbx']) {
    expect(isOpen(address), address).toBe(false)
  }
})

test('the same place over TLS is one port further, where Asterisk listens', () => {
  expect(encrypted('http://pbx.example:8088/asterisk')).toBe('https://pbx.example:8089/asterisk')
  expect(encrypted(' http://10.0.0.5 ')).toBe('https://10.0.0.5')
  expect(encrypted('http://[fe80::1]:81')).toBe('https://[fe80::1]:81')
})

describe('an address without a scheme', () => {
  const found = (address: string, ...rest: TestLine[]) => ({ status: 'ok' as const, data: [{ step: 'reach', outcome: 'passed' as const, ms: 3, trouble: null, details: null, address }, ...rest] })

  test('gets the one that the test has found, and what was tested stays shown', async () => {
    const backend = await show('ws-settings-environment')
    await edit()
    await type('pbx.example:8089')
    backend.testPbx.mockResolvedValueOnce(found('https://pbx.example:8089/'))
    await fireEvent.click(pbx().getByRole('button', { name: 'Проверить' }))
    await waitFor(() => expect(address().value).toBe('https://pbx.example:8089'))
    expect(backend.testPbx.mock.calls[0]?.[0].pbxUrl).toBe('pbx.example:8089')
    expect(pbx().getByText('pbx.example отвечает')).toBeTruthy()
    expect(tick_()).toBeNull()
  })

  test('of a port of plain HTTP: the yes is asked for, and a certificate is not blamed', async () => {
    const backend = await show('ws-settings-environment')
    await edit()
    await type('pbx.example:8088')
    const open: TestLine = { step: 'encryption', outcome: 'failed', ms: null, trouble: 'plainHttp', details: 'https://pbx.example:8088: NoTls; http://pbx.example:8088: HTTP', address: null }
    backend.testPbx.mockResolvedValueOnce(found('http://pbx.example:8088/', open))
    await fireEvent.click(pbx().getByRole('button', { name: 'Проверить' }))
    await waitFor(() => expect(address().value).toBe('http://pbx.example:8088'))
    expect(tick_()).not.toBeNull()
    expect(tick_()?.checked).toBe(false)
    expect(pbx().queryByText(/самоподписанный|выдал сам офис, или он просрочен/)).toBeNull()
    await save()
    expect(backend.saveSettings).not.toHaveBeenCalled()
  })

  test('that was changed while it was tested is left as it is', async () => {
    const backend = await show('ws-settings-environment')
    await edit()
    await type('pbx.example:8089')
    let answer: () => void = () => undefined
    backend.testPbx.mockReturnValueOnce(new Promise((resolve) => (answer = () => resolve(found('https://pbx.example:8089/')))))
    await fireEvent.click(pbx().getByRole('button', { name: 'Проверить' }))
    await type('other.example:8089')
    answer()
    await tick()
    await tick()
    expect(address().value).toBe('other.example:8089')
  })
})

describe('plain HTTP', () => {
  test('is asked about as soon as it is typed, and neither tested nor saved without a yes', async () => {
    const backend = await show('ws-settings-environment')
    await edit()
    expect(tick_()).toBeNull()
    await type('http://pbx.example:8088')
    expect(tick_()?.checked).toBe(false)
    expect(screen.getByText(/пароль и данные звонков идут по сети открытым текстом/)).toBeTruthy()
    expect(screen.queryByText(REFUSED)).toBeNull()
    await save()
    expect(screen.getByText(REFUSED)).toBeTruthy()
    await fireEvent.click(pbx().getAllByRole('button', { name: 'Проверить' })[0]!)
    expect(backend.saveSettings).not.toHaveBeenCalled()
    expect(backend.testPbx).not.toHaveBeenCalled()
    await fireEvent.click(tick_()!)
    expect(screen.queryByText(REFUSED)).toBeNull()
    await save()
    await waitFor(() => expect(backend.saveSettings.mock.calls[0]?.[0]).toMatchObject({ pbxUrl: 'http://pbx.example:8088', plainHttp: true }))
  })

  test('a yes for one address is none for another, nor for https', async () => {
    const backend = await show('ws-settings-open')
    await edit()
    expect(tick_()?.checked).toBe(true)
    await type('http://10.20.0.6:8088')
    expect(tick_()?.checked).toBe(false)
    await type('http://10.20.0.5:8088/asterisk')
    expect(tick_()?.checked, 'another path is the same address').toBe(true)
    await fireEvent.input(screen.getByLabelText('Пароль'), { target: { value: 'geheim' } })
    await fireEvent.click(screen.getByRole('button', { name: 'Заменить на https://10.20.0.5:8089/asterisk' }))
    expect(address().value).toBe('https://10.20.0.5:8089/asterisk')
    expect(tick_()).toBeNull()
    await save()
    await waitFor(() => expect(backend.saveSettings.mock.calls[0]?.[0].plainHttp).toBe(false))
  })

  test('that was used before it was asked for waits, says why, and asks where it can be answered', async () => {
    const backend = await show('ws-settings-waits')
    expect(pbx().getByText(/Без вашего согласия Ringside к нему не подключается/)).toBeTruthy()
    await fireEvent.click(pbx().getByRole('button', { name: 'Проверить' }))
    expect(backend.testPbx).not.toHaveBeenCalled()
    expect(screen.getByText(REFUSED)).toBeTruthy()
    await fireEvent.click(tick_()!)
    await save()
    await waitFor(() => expect(backend.saveSettings.mock.calls[0]?.[0].plainHttp).toBe(true))
  })

  test('a refusal by the back end is said at the tick', async () => {
    const backend = await show('ws-settings-open')
    backend.saveSettings.mockResolvedValue({ status: 'error', error: { trouble: 'plainHttp', about: 'plainHttp' } })
    await edit()
    await save()
    expect(await screen.findByText(/Адрес не шифрует соединение \(http:\/\/\), а согласия на это нет/)).toBeTruthy()
  })

  test('in force is said in the card, by the test as a warning that stops nothing, and in the rail', async () => {
    await show('ws-settings-open')
    expect(pbx().getByText(/Соединение не зашифровано: пароль и данные звонков видны/)).toBeTruthy()
    await fireEvent.click(pbx().getByRole('button', { name: 'Проверить' }))
    const line = (await screen.findByText('Соединение не зашифровано')).closest('li')!
    expect(line.className).toContain('warned')
    expect(line.textContent).toContain('10.20.0.5')
    expect(within(line).getByText(/Предупреждение/)).toBeTruthy()
    render(Rail)
    expect(screen.getByRole('button', { name: /Соединение с АТС не зашифровано/ })).toBeTruthy()
  })

  test('in the set-up goes no step further without a yes', async () => {
    const backend = await stage('ws-setup-open')
    render(SetUp)
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    await fireEvent.submit(document.querySelector('form')!)
    expect(await screen.findByText(REFUSED)).toBeTruthy()
    expect(backend.testPbx).not.toHaveBeenCalled()
    await fireEvent.click(tick_()!)
    await fireEvent.submit(document.querySelector('form')!)
    expect(await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })).toBeTruthy()
    expect(backend.testPbx.mock.calls[0]?.[0].plainHttp).toBe(true)
  })
})

describe('the certificate of the office', () => {
  const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

  async function choose(file: File) {
    const picker = document.querySelector<HTMLInputElement>('input[type=file]')!
    Object.defineProperty(picker, 'files', { value: [file], configurable: true })
    await fireEvent.change(picker)
    await tick()
  }

  test('can be pasted, goes along when saving, and its errors are said in words at its field', async () => {
    const backend = await show('ws-settings-environment')
    await edit()
    await fireEvent.click(screen.getByRole('button', { name: 'Вставить текст' }))
    await fireEvent.input(screen.getByLabelText('Текст сертификата'), { target: { value: PEM } })
    for (const [about, said] of [
      ['pbxCa.none', /Здесь нет сертификата/],
      ['pbxCa.privateKey', /Здесь закрытый ключ/],
      ['pbxCa.expired', /сейчас не действует/],
      ['pbxCa.malformed', /повреждён или скопирован не целиком/],
      ['pbxCa.tooLarge', /Слишком много текста/],
      ['pbxCa.somethingNew', /повреждён/],
    ] as const) {
      backend.saveSettings.mockResolvedValueOnce({ status: 'error', error: { trouble: 'badSetting', about } })
      await save()
      expect(await screen.findByText(said), about).toBeTruthy()
    }
    await save()
    await waitFor(() => expect(backend.saveSettings.mock.lastCall?.[0].pbxCa).toBe(PEM))
  })

  test('can be chosen as a file, as text or in its binary form, and not beyond all bounds', async () => {
    await show('ws-settings')
    await edit()
    const text = () => screen.getByLabelText<HTMLTextAreaElement>('Текст сертификата').value
    await choose(new File([PEM], 'office.pem'))
    await waitFor(() => expect(text()).toBe(PEM))
    await choose(new File([new Uint8Array([0x30, 0x82, 1, 2, 3])], 'office.cer'))
    await waitFor(() => expect(text()).toBe('-----BEGIN CERTIFICATE-----\nMIIBAgM=\n-----END CERTIFICATE-----\n'))
    await choose(new File(['x'.repeat(70_000)], 'office.pem'))
    expect(await screen.findByText(/Слишком много текста/)).toBeTruthy()
    expect(text().length).toBeLessThan(100)
    expect(pemOf(new Uint8Array(100).fill(0x30)).split('\n').every((line) => line.length <= 64)).toBe(true)
  })

  test('that is kept shows whose it is and until when, and can be taken away', async () => {
    const backend = await show('ws-settings-certificate')
    expect(pbx().getByText(/Северные технологии, корневой центр, до .*2034.*; Severtech Root 2016, истёк 1 января/)).toBeTruthy()
    await edit()
    expect(screen.getByText('Северные технологии, корневой центр')).toBeTruthy()
    expect(screen.queryByLabelText('Текст сертификата')).toBeNull()
    await fireEvent.click(screen.getByRole('button', { name: 'Убрать' }))
    expect(screen.queryByText('Северные технологии, корневой центр')).toBeNull()
    await save()
    await waitFor(() => expect(backend.saveSettings.mock.calls[0]?.[0].pbxCa).toBe(''))
  })

  test('is what the words of a failed TLS point to, so that nobody turns to plain HTTP', async () => {
    await show('ws-settings-tls')
    await fireEvent.click(pbx().getByRole('button', { name: 'Проверить' }))
    const advice = await screen.findByText(/Добавьте сертификат офиса в поле «Сертификат офиса»/)
    expect(advice.textContent).toContain('Не переходите на http://')
  })
})
