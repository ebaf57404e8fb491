import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OriginView, SettingValue, SettingsView, TestLine, TroubleView } from '$lib/backend'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import SetUp from '../src/pages/SetUp.svelte'
import { SettingsDraft } from '../src/pages/settings/draft.svelte'
import { blamed } from '../src/pages/settings/faults'
import { derivedOf, type FieldKey, fittingChannel, questionsOf, restOf, rowsOf } from '../src/pages/settings/questions'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
  setLanguage('')
})

afterEach(() => {
  vi.restoreAllMocks()
  setLanguage('')
})

const office = (key: string, locked = false): OriginView => ({ key, from: 'office', locked, office: null })
const published = (key: string): OriginView => ({ key, from: 'published', locked: false, office: null })
const own = (key: string, says: string | null = null): OriginView => ({ key, from: 'computer', locked: false, office: says })

const PBX = { pbxUrl: 'https://pbx.example:8089' }
const ADDRESSES = { ...PBX, omnideskUrl: 'https://company.omnidesk.ru' }
const WHOLE = { ...ADDRESSES, extension: '204', email: 'a@company.example', pbxUser: 'desk-204', channel: 'cch101' }

async function draftOf(settings: Partial<SettingsView>, link: SettingValue[] = []): Promise<SettingsDraft> {
  const backend = await stage('ws-setup-empty')
  const draft = new SettingsDraft({ ...(await backend.settings()), ...settings })
  draft.fill(link)
  return draft
}

const link = (values: Record<string, string>): SettingValue[] => Object.entries(values).map(([key, text]) => ({ key, text }))

describe('d6_the_set_up_asks_six_questions_or_fewer', () => {
  const all: FieldKey[] = ['pbxUrl', 'extension', 'pbxPassword', 'omnideskUrl', 'email', 'apiKey']
  const states: [string, Partial<SettingsView>, SettingValue[], FieldKey[]][] = [
    ['an empty computer', {}, [], all],
    ['an event feed instead of Asterisk', { pbxVendor: 'feed' }, [], all],
    ['a file with the PBX’s address', { ...PBX, origins: [office('pbxUrl')] }, [], ['extension', 'pbxPassword', 'omnideskUrl', 'email', 'apiKey']],
    ['one with both, locked', { ...ADDRESSES, origins: [office('pbxUrl', true), office('omnideskUrl', true)] }, [], ['extension', 'pbxPassword', 'email', 'apiKey']],
    ['what the office has published', { ...ADDRESSES, origins: [published('pbxUrl'), published('omnideskUrl')] }, [], ['extension', 'pbxPassword', 'email', 'apiKey']],
    ['a file that names an address and leaves it empty', { pbxUrl: '', origins: [office('pbxUrl')] }, [], all],
    ['a link for everybody', {}, link(ADDRESSES), ['extension', 'pbxPassword', 'email', 'apiKey']],
    ['a link for one agent', {}, link(WHOLE), ['pbxPassword', 'apiKey']],
    ['a file, and a link with the rest', { ...PBX, origins: [office('pbxUrl', true)] }, link({ ...WHOLE, pbxUrl: 'https://evil.example' }), ['pbxPassword', 'apiKey']],
    ['what was typed here before, whatever the office says', { ...ADDRESSES, origins: [own('pbxUrl', 'https://other.example'), own('omnideskUrl')] }, [], all],
  ]

  test.each(states)('%s', async (_, settings, values, expected) => {
    const draft = await draftOf(settings, values)
    const asked = [...questionsOf('pbx', draft), ...questionsOf('omnidesk', draft)]
    expect(asked).toEqual(expected)
    expect(asked.length).toBeLessThanOrEqual(6)
    // What is not asked is told: nothing is in neither place.
    const told = [...restOf('pbx', draft), ...restOf('omnidesk', draft)]
    const everything: FieldKey[] = settings.pbxVendor === 'feed'
      ? [...all, 'pbxCa', 'pbxVendor', 'region', 'language', 'channel']
      : [...all, 'context', 'pbxUser', 'recordingFolder', 'pbxCa', 'dialFormat', 'pbxVendor', 'region', 'language', 'channel']
    expect([...asked, ...told].sort()).toEqual([...everything].sort())
    for (const field of told) expect(derivedOf(field, draft).value, field).not.toBe('')
  })

  test('what a person changes under «Ещё» stays there', async () => {
    const draft = await draftOf({ ...PBX, origins: [office('pbxUrl')] })
    draft.settings.pbxUrl = ''
    expect(questionsOf('pbx', draft)).toEqual(['extension', 'pbxPassword'])
  })
})

describe('what is not asked is said in words, with whose word it is', () => {
  const said = (draft: SettingsDraft, field: FieldKey) => {
    const { value, why } = derivedOf(field, draft)
    return why === null ? value : `${value}, ${why}`
  }

  test('on an empty computer', async () => {
    const draft = await draftOf({})
    expect(Object.fromEntries([...restOf('pbx', draft), ...restOf('omnidesk', draft)].map((field) => [field, said(draft, field)]))).toEqual({
      pbxUser: 'ringside, как в руководстве',
      context: 'from-internal, как во FreePBX',
      recordingFolder: '/var/spool/asterisk/recording, обычная для Asterisk',
      pbxCa: 'нет, хватает тех, которым доверяет система',
      dialFormat: '79161234567, по умолчанию',
      pbxVendor: 'Asterisk (ARI), по умолчанию',
      region: 'Россия, по умолчанию',
      language: 'Русский, как в системе',
      channel: 'найдётся при проверке',
    })
  })

  test('of an office, of a link, and of this person', async () => {
    const draft = await draftOf({ ...PBX, context: 'all_peers', origins: [office('pbxUrl', true), office('context')] }, link({ pbxUser: 'desk-204', region: 'KZ' }))
    expect(said(draft, 'pbxUrl')).toBe('https://pbx.example:8089, задано офисом')
    expect(derivedOf('pbxUrl', draft).locked).toBe(true)
    expect(said(draft, 'context')).toBe('all_peers, задано офисом')
    expect(derivedOf('context', draft).locked).toBe(false)
    expect(said(draft, 'pbxUser')).toBe('desk-204, из ссылки')
    expect(said(draft, 'region')).toBe('Казахстан, из ссылки')
    draft.settings.context = 'mine'
    draft.settings.pbxUser = 'anna'
    expect(said(draft, 'context')).toBe('mine')
    expect(said(draft, 'pbxUser')).toBe('anna')
  })
})

test('addresses and lists stand alone, short fields side by side', () => {
  expect(rowsOf(['pbxUrl', 'extension', 'pbxPassword'])).toEqual([['pbxUrl'], ['extension', 'pbxPassword']])
  expect(rowsOf(['pbxPassword'])).toEqual([['pbxPassword']])
  expect(rowsOf(['context', 'pbxUser', 'recordingFolder', 'pbxCa', 'region'])).toEqual([['context', 'pbxUser'], ['recordingFolder'], ['pbxCa'], ['region']])
})

test('a channel suits without asking where it alone is named for calls, or is alone', () => {
  const fit = (...titles: string[]) => fittingChannel(titles.map((title, i) => ({ key: `cch${i}`, title })))
  expect(fit()).toBeNull()
  expect(fit('Чат', 'Звонки')).toEqual({ key: 'cch1', named: true })
  expect(fit(' звонки ', 'Чат')).toEqual({ key: 'cch0', named: true })
  expect(fit('Chat', 'Calls')).toEqual({ key: 'cch1', named: true })
  expect(fit('Чат')).toEqual({ key: 'cch0', named: false })
  expect(fit('Чат', 'Телефония')).toBeNull()
  expect(fit('Звонки', 'Чат', 'Звонки')).toBeNull()
  expect(fit('Звонки старые', 'Обзвонки')).toBeNull()
})

const line = (step: string, trouble: TroubleView | null = null): TestLine => ({ step, outcome: trouble === null ? 'passed' : 'failed', ms: null, trouble, details: null, address: null })

describe('what a test finds leads to its field', () => {
  test.each<['pbx' | 'omnidesk', string, TroubleView, FieldKey[]]>([
    ['pbx', 'reach', 'unreachable', ['pbxUrl']],
    ['pbx', 'reach', 'unknownHost', ['pbxUrl']],
    ['pbx', 'reach', 'timeout', ['pbxUrl']],
    ['pbx', 'reach', 'tls', ['pbxCa']],
    ['pbx', 'encryption', 'plainHttp', ['plainHttp']],
    ['pbx', 'signIn', 'badCredentials', ['pbxPassword', 'pbxUser']],
    ['pbx', 'interface', 'wrongService', ['pbxUrl']],
    ['pbx', 'extension', 'noSuchExtension', ['extension']],
    ['pbx', 'context', 'gone', ['context']],
    ['pbx', 'context', 'noRoute', ['context']],
    ['pbx', 'socket', 'replaced', ['extension']],
    // Somebody else can help: the administrator, or whoever starts the softphone.
    ['pbx', 'signIn', 'forbidden', []],
    ['pbx', 'phone', 'phoneOffline', []],
    ['pbx', 'interface', 'booting', []],
    ['pbx', 'socket', 'timeout', []],
    ['omnidesk', 'reach', 'gone', ['omnideskUrl']],
    ['omnidesk', 'signIn', 'badCredentials', ['apiKey']],
    ['omnidesk', 'signIn', 'forbidden', ['email']],
    ['omnidesk', 'staff', 'gone', ['email']],
    ['omnidesk', 'channel', 'gone', ['channel']],
    ['omnidesk', 'channel', 'badSetting', ['channel']],
    ['omnidesk', 'callIdField', 'gone', []],
    ['omnidesk', 'reach', 'rateLimited', []],
  ])('%s, %s: %s', (side, step, trouble, fields) => {
    expect(blamed(side, line(step, trouble), 'ari')).toEqual(fields)
    expect(blamed(side, line(step), 'ari')).toEqual([])
    expect(blamed(side, { ...line(step, trouble), outcome: 'warned' }, 'ari')).toEqual([])
  })

  test('of a feed: its token, and whose events it gives out', () => {
    expect(blamed('pbx', line('signIn', 'badCredentials'), 'feed')).toEqual(['pbxPassword'])
    expect(blamed('pbx', line('signIn', 'forbidden'), 'feed')).toEqual(['extension'])
  })

  const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
  const submit = async () => {
    await fireEvent.submit(document.querySelector('form')!)
    await tick()
  }
  const isOpen = () => screen.getByRole('button', { name: 'Ещё' }).getAttribute('aria-expanded') === 'true'

  async function tested(...lines: TestLine[]) {
    const backend = await stage('ws-setup-pbx')
    backend.testPbx.mockResolvedValue({ status: 'ok', data: lines })
    render(SetUp)
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    expect(isOpen()).toBe(false)
    await submit()
    return backend
  }

  test('a wrong password or ARI user: the keyboard is in the one, and the other is there, marked', async () => {
    await tested(line('reach'), line('signIn', 'badCredentials'))
    await waitFor(() => expect(document.activeElement).toBe(field('Пароль')))
    for (const label of ['Пароль', 'Пользователь ARI']) expect(field(label).getAttribute('aria-invalid'), label).toBe('true')
    expect(screen.getAllByText('АТС не приняла пользователя ARI или его пароль').length).toBe(3)
    // What is not in question stays as it was.
    expect(screen.queryByLabelText('Контекст исходящих')).toBeNull()
    // Typing takes the mark away, and leaves the fields where they are.
    await fireEvent.input(field('Пользователь ARI'), { target: { value: 'desk-204' } })
    expect(field('Пароль').getAttribute('aria-invalid')).toBeNull()
    expect(field('Пользователь ARI').value).toBe('desk-204')
  })

  test('a wrong context, which was not asked: its field opens, marked, with the keyboard in it', async () => {
    await tested(line('reach'), line('signIn'), line('context', 'gone'))
    await waitFor(() => expect(document.activeElement).toBe(field('Контекст исходящих')))
    expect(field('Контекст исходящих').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getAllByText('На АТС нет контекста from-internal').length).toBe(2)
    // With everything, and closed again, it is still said.
    await fireEvent.click(screen.getByRole('button', { name: 'Ещё' }))
    expect(isOpen()).toBe(true)
    expect(field('Пользователь ARI')).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Ещё' }))
    expect(screen.queryByLabelText('Контекст исходящих')).toBeNull()
    expect(screen.getAllByText('На АТС нет контекста from-internal').length).toBe(2)
  })

  test('somebody else’s stream: the extension, which was asked; nothing more opens', async () => {
    await tested(line('reach'), line('signIn'), line('socket', 'replaced'))
    await waitFor(() => expect(document.activeElement).toBe(field('Внутренний номер')))
    expect(field('Внутренний номер').getAttribute('aria-invalid')).toBe('true')
    expect(document.querySelector('.more input')).toBeNull()
  })

  test('a certificate that nobody knows: where the office’s own one is chosen', async () => {
    await tested(line('reach', 'tls'))
    await waitFor(() => expect(document.activeElement?.closest('[data-field]')?.getAttribute('data-field')).toBe('pbxCa'))
  })

  test('what the back end cannot read under «Ещё» opens there, too', async () => {
    const backend = await stage('ws-setup-pbx')
    backend.testPbx.mockResolvedValue({ status: 'error', error: { trouble: 'badSetting', about: 'recordingFolder' } })
    render(SetUp)
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    await submit()
    await waitFor(() => expect(document.activeElement).toBe(field('Папка записей на АТС')))
    expect(field('Папка записей на АТС').getAttribute('aria-invalid')).toBe('true')
  })

  test('a value is changed where it is told', async () => {
    await tested(line('reach'), line('phone', 'phoneOffline'))
    await fireEvent.click(screen.getByRole('button', { name: 'ringside. Изменить: Пользователь ARI' }))
    await waitFor(() => expect(document.activeElement).toBe(field('Пользователь ARI')))
  })
})

describe('the channel', () => {
  async function atOmnidesk(channels: { key: string; title: string }[]) {
    const backend = await stage('ws-setup-pbx')
    const settings = await backend.settings()
    backend.settings.mockResolvedValue({ ...settings, channel: '' })
    backend.omnideskChannels.mockResolvedValue({ status: 'ok', data: channels })
    backend.testOmnidesk.mockImplementation(async ({ channel }) => ({ status: 'ok', data: [line('reach'), line('signIn'), line('staff'), channel === '' ? line('channel', 'badSetting') : line('channel')] }))
    render(SetUp)
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    await submit()
    await screen.findByRole('heading', { name: 'Подключение к Омнидеску' })
    await submit()
    return backend
  }
  const submit = async () => {
    await fireEvent.submit(document.querySelector('form')!)
    await tick()
  }
  const list = () => screen.findByRole<HTMLSelectElement>('combobox', { name: 'Канал «Звонки»' })

  test('that alone is named for calls is taken', async () => {
    const backend = await atOmnidesk([{ key: 'cch7', title: 'Чат' }, { key: 'cch8', title: 'Звонки' }])
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(1))
    expect(backend.saveSettings.mock.calls[0]?.[0].channel).toBe('cch8')
  })

  test('of another name that is the only one is shown first, and taken when the agent goes on', async () => {
    const backend = await atOmnidesk([{ key: 'cch7', title: 'Чат' }])
    expect((await list()).value).toBe('cch7')
    expect(screen.getByText(/единственный пользовательский канал/)).toBeTruthy()
    expect(backend.saveSettings).not.toHaveBeenCalled()
    await submit()
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(1))
    expect(router.current).toEqual({ page: 'trial' })
  })

  test('is asked for where several might be it: its list opens with the keyboard in it', async () => {
    const backend = await atOmnidesk([{ key: 'cch7', title: 'Чат' }, { key: 'cch8', title: 'Телефония' }])
    const shown = await list()
    await waitFor(() => expect(document.activeElement).toBe(shown))
    expect(shown.value).toBe('')
    await fireEvent.change(shown, { target: { value: 'cch8' } })
    await submit()
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(1))
    expect(backend.saveSettings.mock.calls[0]?.[0].channel).toBe('cch8')
    cleanup()
  })
})
