import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EnrolmentFault, EnrolmentView } from '$lib/backend'
import { setLanguage } from '$lib/i18n.svelte'
import { followNavigation, router } from '$lib/router.svelte'
import { followTyping } from '$lib/typing'
import App from '../src/workspace/App.svelte'
import Settings from '../src/pages/Settings.svelte'
import { enrolling } from '../src/pages/enrol/enrolling'
import { faultText, valueOf } from '../src/pages/enrol/words'
import { settingsView } from '../src/pages/settings/section.svelte'
import { stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
  router.reset()
  enrolling.take()
})

afterEach(() => {
  vi.restoreAllMocks()
  settingsView.section = 'connections'
})

/** The window as a link has opened it. */
async function show(name: string) {
  const backend = await stage(name)
  await followNavigation(backend)
  render(App)
  await screen.findByRole('heading', { name: 'Настройка по ссылке' })
  return backend
}

const row = async (name: string) => [...within((await screen.findByRole('rowheader', { name })).parentElement!).getAllByRole('cell')].map((cell) => cell.textContent.trim())
const button = (name: string) => screen.getByRole('button', { name })
/** Once it may be pressed: what stands there may have come a moment ago. */
async function press(name: string) {
  await waitFor(() => expect((button(name) as HTMLButtonElement).disabled).toBe(false), { timeout: 5_000 })
  await fireEvent.click(button(name))
}
const NEW = 'https://pbx2.severtech.example:8089'

describe('what a link would set', () => {
  test('d6_the_old_value_stands_beside_the_new_one_and_nothing_is_saved_before_the_agents_yes', async () => {
    const backend = await show('ws-enrol')
    expect(await row('Адрес АТС')).toEqual(['https://pbx.severtech.example:8089', NEW])
    expect(await row('Страна по умолчанию')).toEqual(['Россия', 'Казахстан'])
    expect((await row('Адрес Омнидеска'))[1]).toBe('не изменится')
    expect((await row('Канал «Звонки»'))[1]).toContain('Решает организация, ссылка это не меняет')
    expect(document.querySelector('s')?.textContent, 'struck through for those who do not see it, too').toBe('cch101')
    expect(screen.getByText(/не знает таких настроек, они пропущены: popupColour/)).toBeTruthy()
    // The kept password belongs to the address of before.
    await press('Применить')
    expect(backend.saveSettings).not.toHaveBeenCalled()
    const password = screen.getByLabelText<HTMLInputElement>('Пароль')
    expect(password.getAttribute('aria-invalid')).toBe('true')
    await waitFor(() => expect(document.activeElement, 'where to go on').toBe(password))
    expect(screen.queryByLabelText('API-ключ')).toBeNull()
    await fireEvent.input(password, { target: { value: 'topsecret' } })
    await fireEvent.click(button('Применить'))
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(1))
    const [sent, secrets] = backend.saveSettings.mock.calls[0]!
    expect(sent).toMatchObject({ pbxUrl: NEW, context: 'from-office', dialFormat: 'eight', region: 'KZ', channel: 'cch7', email: 'a.litvinova@severtech.example' })
    expect(secrets).toEqual({ pbxPassword: 'topsecret', apiKey: null })
    await waitFor(() => expect(router.current).toEqual({ page: 'settings' }))
  })

  test('changes nothing where the agent does not want it', async () => {
    const backend = await show('ws-enrol')
    await screen.findByRole('table')
    await fireEvent.click(button('Не менять'))
    expect(router.current).toEqual({ page: 'calls' })
    expect(backend.saveSettings).not.toHaveBeenCalled()
  })

  test('plain HTTP takes the yes that it takes when it is typed', async () => {
    const backend = await show('ws-enrol-open')
    await fireEvent.input(await screen.findByLabelText('Пароль'), { target: { value: 'topsecret' } })
    await press('Применить')
    expect(backend.saveSettings).not.toHaveBeenCalled()
    expect(screen.getByText(/Без вашего согласия пароль на этот адрес не отправляется/)).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('checkbox')))
    await fireEvent.click(screen.getByRole('checkbox'))
    await fireEvent.click(button('Применить'))
    await waitFor(() => expect(backend.saveSettings.mock.calls[0]?.[0]).toMatchObject({ pbxUrl: 'http://10.20.0.5:8088', plainHttp: true, extension: '205' }))
  })

  test('what the back end refuses is said, and the page stays', async () => {
    await show('ws-enrol-owed')
    await fireEvent.input(await screen.findByLabelText('API-ключ'), { target: { value: 'k-1' } })
    await press('Применить')
    expect(await screen.findByText(/Идёт звонок. Смените адрес/)).toBeTruthy()
    expect(router.current.page).toBe('enrol')
  })

  test('where everything is so already there is nothing to apply', async () => {
    await show('ws-enrol-same')
    expect(await screen.findByText(/всё уже настроено/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Применить' })).toBeNull()
  })

  test('an address that is replaced by its encrypted one is the one that is shown', async () => {
    await show('ws-enrol-open')
    expect((await row('Адрес АТС'))[1]).toBe('http://10.20.0.5:8088')
    await fireEvent.click(screen.getByRole('button', { name: /^Заменить на https/ }))
    expect((await row('Адрес АТС'))[1]).toMatch(/^https:\/\/10\.20\.0\.5/)
  })

  test('a link that sets nothing says why, and what to do', async () => {
    await show('ws-enrol-secret')
    expect(screen.getByRole('alert').textContent).toContain('В ссылке есть пароль или ключ')
    await fireEvent.click(button('Закрыть'))
    expect(router.current).toEqual({ page: 'calls' })
  })

  test.each(['ru', 'en'])('each fault has words of its own in %s', (language) => {
    setLanguage(language)
    const faults: EnrolmentFault[] = ['notOne', 'tooLong', 'otherVersion', 'secret', 'twice', 'bad', 'empty']
    expect(new Set([...faults.map((fault) => faultText(fault, null)), faultText('bad', 'email')]).size).toBe(8)
    setLanguage('ru')
  })

  test('nothing is applied in the moment after another link has come, by a press or a key', async () => {
    const backend = await show('ws-enrol-owed')
    await fireEvent.input(await screen.findByLabelText('API-ключ'), { target: { value: 'k-1' } })
    await press('Применить')
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(1))
    await backend.openRoute({ page: 'enrol', enrolment: { type: 'read', values: [{ key: 'region', text: 'KZ' }], unknown: [] } })
    await waitFor(async () => expect((await row('Страна по умолчанию'))[1]).toBe('Казахстан'))
    const apply = button('Применить') as HTMLButtonElement
    expect(apply.disabled).toBe(true)
    await fireEvent.submit(apply.form!)
    expect(backend.saveSettings).toHaveBeenCalledTimes(1)
    await press('Применить')
    await waitFor(() => expect(backend.saveSettings).toHaveBeenCalledTimes(2))
  })

  test.each([
    ['ws-enrol-environment', 'Применить'],
    ['ws-setup-enrol-environment', 'Заполнить и продолжить'],
  ])('secrets of the environment go to a new address only with a yes of their own: %s', async (name, yes) => {
    const backend = await show(name)
    await screen.findByRole('table')
    const asked = screen.getByRole('checkbox', { name: 'Отправлять их на ' + NEW })
    await press(yes)
    expect(backend.saveSettings).not.toHaveBeenCalled()
    expect(router.current.page).toBe('enrol')
    expect(screen.getByText(/пароль и ключ на новый адрес не отправляются/)).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(asked))
    await fireEvent.click(asked)
    await press(yes)
    await waitFor(() => expect(router.current.page).not.toBe('enrol'))
  })

  test('a kind of PBX that nobody has named is the usual one', async () => {
    const backend = await show('ws-enrol')
    const settings = await backend.settings()
    expect([settings.pbxVendor, valueOf(settings, 'pbxVendor')]).toEqual(['', 'ari'])
  })

  test('of many links there is one question, about the last of them', async () => {
    const backend = await show('ws-enrol')
    const link = (extension: string): EnrolmentView => ({ type: 'read', values: [{ key: 'extension', text: extension }], unknown: [] })
    for (const extension of ['301', '302', '303']) await backend.openRoute({ page: 'enrol', enrolment: link(extension) })
    await waitFor(async () => expect((await row('Внутренний номер'))[1]).toBe('303'))
    await fireEvent.click(button('Не менять'))
    expect(router.current).toEqual({ page: 'calls' })
  })
})

describe('a link that comes while somebody types', () => {
  const link: EnrolmentView = { type: 'read', values: [{ key: 'region', text: 'KZ' }], unknown: [] }

  async function typing() {
    const backend = await stage('ws-settings')
    const unfollow = followTyping()
    await followNavigation(backend)
    router.reset({ page: 'settings' })
    render(App)
    await fireEvent.click((await screen.findAllByRole('button', { name: 'Изменить' }))[0]!)
    await fireEvent.input(screen.getByLabelText('Внутренний номер'), { target: { value: '999' } })
    await backend.openRoute({ page: 'enrol', enrolment: link })
    await screen.findByText('Пришла ссылка с настройками.')
    return unfollow
  }

  test('d6_waits_and_takes_nothing_of_what_is_typed_away', async () => {
    const unfollow = await typing()
    expect(router.current).toEqual({ page: 'settings' })
    expect(screen.getByLabelText<HTMLInputElement>('Внутренний номер').value).toBe('999')
    await fireEvent.click(button('Не открывать'))
    expect(screen.queryByText('Пришла ссылка с настройками.')).toBeNull()
    expect(screen.getByLabelText<HTMLInputElement>('Внутренний номер').value).toBe('999')
    unfollow()
  })

  test('is opened when they say so', async () => {
    const unfollow = await typing()
    await fireEvent.click(button('Открыть ссылку'))
    expect((await row('Страна по умолчанию'))[1]).toBe('Казахстан')
    expect(screen.queryByText('Пришла ссылка с настройками.')).toBeNull()
    unfollow()
  })
})

describe('on a computer that is not set up', () => {
  test('d6_a_link_fills_in_the_set_up_which_goes_on_with_its_tests', async () => {
    const backend = await show('ws-setup-enrol')
    expect(await row('Внутренний номер')).toEqual(['не задано', '205'])
    expect(screen.queryByLabelText('Пароль')).toBeNull()
    await press('Заполнить и продолжить')
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    // What the link has said is not asked: it is told, and can be changed.
    expect(screen.queryByLabelText('Адрес АТС')).toBeNull()
    expect(screen.getByText('Внутренний номер:').parentElement?.textContent).toMatch(/205\s+— из ссылки/)
    await press('Ещё')
    expect(screen.getByLabelText<HTMLInputElement>('Адрес АТС').value).toBe(NEW)
    expect(screen.getByLabelText<HTMLInputElement>('Внутренний номер').value).toBe('205')
    expect(backend.saveSettings).not.toHaveBeenCalled()
  })

  test('what was typed before the link came is still there', async () => {
    const backend = await stage('ws-setup-empty')
    await followNavigation(backend)
    render(App)
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    await fireEvent.input(screen.getByLabelText('Пароль'), { target: { value: 'topsecret' } })
    await backend.openRoute({ page: 'enrol', enrolment: { type: 'read', values: [{ key: 'extension', text: '205' }], unknown: [] } })
    await screen.findByRole('button', { name: 'Заполнить и продолжить' })
    await press('Заполнить и продолжить')
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    expect(screen.getByLabelText<HTMLInputElement>('Пароль').value).toBe('topsecret')
    await press('Ещё')
    expect(screen.getByLabelText<HTMLInputElement>('Внутренний номер').value).toBe('205')
  })
})

describe('what was typed into the set-up', () => {
  const typed = async () => {
    const backend = await stage('ws-setup-empty')
    await followNavigation(backend)
    render(App)
    await screen.findByRole('heading', { name: 'Подключение к АТС' })
    await fireEvent.input(screen.getByLabelText('Пароль'), { target: { value: 'topsecret' } })
    return backend
  }
  const password = async () => (await screen.findByLabelText<HTMLInputElement>('Пароль')).value

  test('is still there when another page was asked for meanwhile', async () => {
    const backend = await typed()
    await backend.openRoute({ page: 'settings' })
    await waitFor(() => expect(router.current).toEqual({ page: 'settings' }))
    expect(await password()).toBe('topsecret')
  })

  test('is still there when another page was asked for over a link that nobody has answered', async () => {
    const backend = await typed()
    await backend.openRoute({ page: 'enrol', enrolment: { type: 'read', values: [{ key: 'extension', text: '205' }], unknown: [] } })
    await screen.findByRole('button', { name: 'Заполнить и продолжить' })
    await backend.openRoute({ page: 'settings' })
    expect(await password()).toBe('topsecret')
    expect(screen.getByLabelText<HTMLInputElement>('Внутренний номер').value).toBe('')
  })
})

describe('a link for other computers', () => {
  test('says what is in it and that no password is, and follows what is typed for one agent', async () => {
    const backend = await stage('ws-settings')
    router.reset({ page: 'settings' })
    render(Settings)
    await fireEvent.click(await screen.findByRole('button', { name: 'Создать ссылку' }))
    const part = within(screen.getByRole('region', { name: 'Ссылка для других компьютеров' }))
    expect(await part.findByText('Пароля и ключа здесь нет.')).toBeTruthy()
    expect(part.getByRole('img', { name: 'Эта же ссылка как QR-код' })).toBeTruthy()
    expect(document.querySelector('pre')?.textContent).toContain('ringside://setup?v=1&pbxUrl=')
    expect(document.querySelector('pre')?.textContent).not.toContain('extension')
    expect(document.querySelector('pre')?.textContent, 'the administrator’s own user').not.toContain('pbxUser')
    expect(part.getByText('У вас ringside. Впишите его, если он один на всех')).toBeTruthy()
    await fireEvent.input(part.getByLabelText('Внутренний номер'), { target: { value: ' 207 ' } })
    await waitFor(() => expect(document.querySelector('pre')?.textContent).toContain('extension=207'))
    expect(backend.enrolmentLink.mock.calls.at(-1)?.[0]).toEqual({ extension: '207', pbxUser: '', email: '' })

    backend.enrolmentLink.mockResolvedValue({ status: 'error', error: { trouble: 'badSetting', about: 'email' } })
    await fireEvent.input(part.getByLabelText('Почта сотрудника в Омнидеске'), { target: { value: 'x' } })
    expect((await part.findByRole('alert')).textContent).toContain('Проверьте поле «Почта сотрудника в Омнидеске»')
    expect(document.querySelector('pre')).toBeNull()
    await tick()
  })
})
