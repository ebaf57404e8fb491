import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { backend, type LinkView, type TroubleView } from '$lib/backend'
import { desk as deskView } from '$lib/backend/fake/scene'
import { owed } from '$lib/backend/fake/scenes/calls'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import { secretsPlace } from '$lib/secrets.svelte'
import { settingsView } from '../src/pages/settings/section.svelte'
import { bannerOf } from '../src/workspace/banner'
import Banners from '../src/workspace/Banners.svelte'
import { stage } from './stage'

const NOW = new Date(2026, 10, 24, 14, 35)

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})

afterEach(() => {
  vi.useRealTimers()
  secretsPlace.current = null
  settingsView.editing = null
})

const link = (trouble: TroubleView | null, part: Partial<LinkView> = {}): LinkView => ({
  state: 'down',
  trouble,
  since: NOW.getTime() - 4 * 60_000,
  retryAt: null,
  ...part,
})

const wedged = owed({ id: 'o1', call: 'c', what: 'message', state: 'wedged', trouble: 'gone' })

async function show(name: string) {
  await stage(name)
  render(Banners)
  await vi.advanceTimersByTimeAsync(0)
  await tick()
}

test('there is none while all is well', async () => {
  await show('ws-calls-many')
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.queryByRole('status')).toBeNull()
})

describe('one at a time, the most important one', () => {
  const phoneOff = { extension: '204', name: null, email: '', phoneOnline: false }
  const inOrder: [string, Parameters<typeof deskView>[0]][] = [
    ['disk', { outbox: [{ ...wedged, state: 'queued', trouble: 'storage' }] }],
    ['keychain', { keychain: 'locked' }],
    ['keychain-not-kept', { keychain: 'notKept' }],
    ['pbx-unreachable', { pbx: link('unreachable') }],
    ['key', { omnidesk: link('badCredentials') }],
    ['wedged', { outbox: [wedged] }],
    ['omnidesk', { omnidesk: link('timeout') }],
    ['phone', { agent: phoneOff }],
    ['open', { inTheOpen: true }],
  ]

  test.each(inOrder)('%s', (kind, part) => {
    expect(bannerOf(deskView(part), 'environment', 'calls')?.kind).toBe(kind)
  })

  test('each goes before those after it', () => {
    const pairs: [string, Parameters<typeof deskView>[0]][] = [
      ['disk', { pbx: link('unreachable'), outbox: [{ ...wedged, state: 'queued', trouble: 'storage' }] }],
      ['keychain', { keychain: 'locked', pbx: link('unreachable') }],
      ['pbx-unreachable', { pbx: link('unreachable'), omnidesk: link('badCredentials'), outbox: [wedged] }],
      ['key', { omnidesk: link('badCredentials'), outbox: [wedged] }],
      ['wedged', { omnidesk: link('timeout'), outbox: [wedged] }],
      ['omnidesk', { omnidesk: link('timeout'), agent: phoneOff }],
      ['phone', { agent: phoneOff, inTheOpen: true }],
      ['open', { inTheOpen: true }],
      ['secrets', {}],
    ]
    expect(pairs.map(([, part]) => bannerOf(deskView(part), 'environment', 'calls')?.kind)).toEqual(pairs.map(([kind]) => kind))
  })

  test('a link that tries again stays down for the eye; one that never worked is not called lost', () => {
    expect(bannerOf(deskView({ pbx: link('unreachable', { state: 'connecting' }) }), null, 'calls')?.retrying).toBe(true)
    expect(bannerOf(deskView({ pbx: link(null, { state: 'connecting' }) }), null, 'calls')).toBeNull()
    expect(bannerOf(deskView({ pbx: link(null, { state: 'off' }) }), null, 'calls')).toBeNull()
  })

  test('every cause has words on both sides', () => {
    const troubles: TroubleView[] = [
      'unreachable', 'unknownHost', 'tls', 'noTls', 'needsTls', 'plainHttp', 'timeout', 'badCredentials', 'forbidden', 'readOnly', 'wrongService', 'booting', 'noSuchExtension', 'phoneOffline',
      'noRoute', 'openPbx', 'noSuchNumber', 'lineRefused', 'replaced', 'silent', 'closed', 'flooding', 'foreignHost', 'fileAddress', 'notSound', 'rateLimited', 'serverError', 'refused', 'gone', 'badSetting', 'noKeychain', 'keychainLocked', 'storage', 'other',
    ]
    for (const trouble of troubles) {
      expect(bannerOf(deskView({ pbx: link(trouble) }), null, 'calls')?.title, trouble).toMatch(/\.$/)
      expect(bannerOf(deskView({ omnidesk: link(trouble) }), null, 'calls')?.title, trouble).toMatch(/\.$/)
    }
  })
})

describe('on the screen', () => {
  test('d3_a_lost_pbx_interrupts_and_counts_down_without_being_read_every_second', async () => {
    await show('ws-banner-pbx')
    const alert = screen.getByRole('alert')
    expect(alert.textContent).toContain('Нет связи с АТС с 14:31.')
    expect(alert.querySelector('[aria-hidden="true"].num')?.textContent).toBe('Повтор через 8 с.')
    await vi.advanceTimersByTimeAsync(3000)
    await tick()
    expect(screen.getByRole('alert')).toBe(alert)
    expect(alert.querySelector('[aria-hidden="true"].num')?.textContent).toBe('Повтор через 5 с.')
  })

  test.each(['ws-banner-pbx', 'ws-banner-omnidesk', 'ws-banner-pbx-replaced'])('d3_%s: a link that is down can be asked again at once', async (name) => {
    await stage(name)
    render(Banners)
    await vi.advanceTimersByTimeAsync(0)
    let answer: () => void = () => undefined
    const reconnect = vi.spyOn(backend(), 'reconnect').mockImplementation(() => new Promise((resolve) => (answer = () => resolve(null))))
    const button = screen.getByRole('button', { name: 'Повторить сейчас' })
    await fireEvent.click(button)
    await fireEvent.click(button)
    expect(reconnect).toHaveBeenCalledOnce()
    expect(button.getAttribute('aria-busy')).toBe('true')
    answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(button.getAttribute('aria-busy')).toBeNull()
  })

  test('while it connects the button only shows it', async () => {
    await show('ws-banner-retrying')
    expect(screen.getByRole('button', { name: 'Повторить сейчас' }).getAttribute('aria-busy')).toBe('true')
  })

  test.each(['ws-banner-rate', 'ws-banner-key', 'ws-banner-wedged', 'ws-banner-phone', 'ws-banner-open', 'ws-banner-open-waits'])('%s: asking again would not help', async (name) => {
    await show(name)
    expect(screen.queryByRole('button', { name: 'Повторить сейчас' })).toBeNull()
  })

  test('Omnidesk being away is told quietly and leads to the queue', async () => {
    await show('ws-banner-omnidesk')
    expect(screen.getByRole('status').textContent).toContain('Омнидеск не отвечает с 14:08.')
    await fireEvent.click(screen.getByRole('button', { name: 'Что в очереди' }))
    expect(router.current).toEqual({ page: 'outbox' })
  })

  test('a refused key leads to the field for a new one', async () => {
    await show('ws-banner-key')
    await fireEvent.click(screen.getByRole('button', { name: 'Ввести новый ключ' }))
    expect(router.current).toEqual({ page: 'settings' })
    expect(settingsView).toMatchObject({ section: 'connections', editing: 'omnidesk' })
  })

  test('refused actions are announced, except on the page that lists them', async () => {
    await show('ws-banner-wedged')
    expect(screen.getByRole('alert').textContent).toContain('Омнидеск не принял 1 действие.')
    await fireEvent.click(screen.getByRole('button', { name: 'Показать' }))
    await tick()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('d4_secrets_from_the_environment_are_warned_about', async () => {
    await show('ws-banner-environment')
    expect(screen.getByRole('status').textContent).toContain('Пароль и ключ взяты из переменных окружения.')
  })

  test.each([
    ['ws-banner-open', 'status', 'Соединение с АТС не зашифровано.', 'Настройки'],
    ['ws-banner-open-waits', 'alert', 'АТС не подключена: её адрес без шифрования.', 'Решить'],
  ])('%s: plain HTTP stands above every page and leads to the address', async (name, role, title, action) => {
    await show(name)
    expect(screen.getByRole(role).textContent).toContain(title)
    await fireEvent.click(screen.getByRole('button', { name: action }))
    expect(settingsView).toMatchObject({ section: 'connections', editing: 'pbx' })
  })

  test('goes away when the cause does', async () => {
    await show('ws-banner-pbx')
    desk.apply(deskView({ revision: 90 }))
    await tick()
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
