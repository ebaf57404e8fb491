import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { HealthView } from '$lib/backend'
import { refused } from '$lib/backend/fake/backend'
import { health } from '$lib/backend/fake/health'
import Settings from '../src/pages/Settings.svelte'
import { healthGroups, healthText, type HealthRow } from '../src/pages/settings/health'
import { settingsView } from '../src/pages/settings/section.svelte'
import { scene, stage } from './stage'

beforeEach(() => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU']))
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
  settingsView.section = 'connections'
})

async function show(overrides: NonNullable<ReturnType<typeof scene>['overrides']> = {}) {
  const from = scene('ws-settings')
  const backend = await stage({ ...from, overrides: { ...from.overrides, ...overrides } })
  render(Settings)
  await tick()
  await fireEvent.click(screen.getByRole('button', { name: 'Состояние' }))
  await tick()
  await tick()
  return backend
}

/** A row of a view, by its group and title. */
function rowOf(view: HealthView, group: string, title: string): HealthRow {
  const rows = healthGroups(view).find((one) => one.title === group)?.rows
  const found = rows?.find((row) => row.title === title)
  if (found === undefined) throw new Error(`no row ${title} in ${group}: ${rows?.map((row) => row.title).join()}`)
  return found
}

test('says what is known, and marks what somebody should look at in words, too', async () => {
  await show()
  const shown = (group: string, title: string) => within(screen.getByRole('region', { name: group })).getByText(title).parentElement
  expect(shown('АТС', 'Переподключений')?.textContent).toContain('2')
  expect(shown('АТС', 'Умеет')?.textContent).toContain('звонить, завершать звонок')
  expect(shown('Омнидеск', 'Осталось')?.textContent).toContain('для звонка 286')
  const link = shown('Омнидеск', 'Связь')
  expect(link?.textContent).toContain('Ответ не пришёл вовремя (timeout)')
  expect(within(link as HTMLElement).getByRole('img', { name: 'обратите внимание' })).toBeTruthy()
  expect(within(shown('Программа', 'Задач сломалось') as HTMLElement).queryByRole('img')).toBeNull()
})

test('each fault has its mark, and a good day none', () => {
  const good = health()
  good.pbx = { ...good.pbx, bad: 0, tooLarge: 0, clockAhead: 30 }
  good.omnidesk = { ...good.omnidesk, link: good.pbx.link }
  good.outbox = { ...good.outbox, wedged: 0 }
  expect(healthGroups(good).flatMap(({ rows }) => rows.filter((row) => row.alarm))).toEqual([])

  const faults: [Partial<HealthView>, string, string][] = [
    [{ program: { ...good.program, broken: 1 } }, 'Программа', 'Задач сломалось'],
    [{ program: { ...good.program, restarts: 1 } }, 'Программа', 'Перезапусков изнутри'],
    [{ pbx: { ...good.pbx, tooLarge: 1 } }, 'АТС', 'Событий отброшено'],
    [{ pbx: { ...good.pbx, phoneOnline: false } }, 'АТС', 'Софтфон подключён к АТС'],
    [{ pbx: { ...good.pbx, clockAhead: -90_000 } }, 'АТС', 'Часы по сравнению с этим компьютером'],
    [{ omnidesk: { ...good.omnidesk, limited: 2 } }, 'Омнидеск', 'Отказов из-за лимита'],
    [{ outbox: { ...good.outbox, wedged: 1 } }, 'Отправка в Омнидеск', 'Нужно решение'],
    [{ store: { ...good.store, fault: 'full' } }, 'Данные на этом компьютере', 'Диск'],
    [{ store: { ...good.store, file: null } }, 'Данные на этом компьютере', 'Файл данных'],
    [{ store: { ...good.store, unreadable: 1 } }, 'Данные на этом компьютере', 'Из них не выгружено'],
    [{ keychain: { ...good.keychain, waits: true } }, 'Пароли и настройки', 'Пароли хранятся'],
    [{ settings: { ...good.settings, officeUnread: true } }, 'Пароли и настройки', 'Файл офиса'],
  ]
  for (const [part, group, title] of faults) expect(rowOf({ ...good, ...part }, group, title).alarm, title).toBe(true)
})

test('how far the clocks are apart, whether all users are known, and a link that is not set up', () => {
  const view = health()
  const clock = (clockAhead: number | null) => rowOf({ ...view, pbx: { ...view.pbx, clockAhead } }, 'АТС', 'Часы по сравнению с этим компьютером').value
  expect([null, 400, 5_000, -600_000].map(clock)).toEqual(['неизвестно', 'идут вровень', 'впереди на 5 с', 'отстают на 10 мин'])
  const part = { ...view, users: { users: 900, of: 40_000, asOf: view.now, reading: false } }
  expect(rowOf(part, 'Данные на этом компьютере', 'Пользователей знаем').value).toBe('900 из 40\u00a0000')
  expect(rowOf(part, 'Данные на этом компьютере', 'Список пользователей').value).toContain('не полный')
  const off = { state: 'off', trouble: null, since: null, retryAt: null } as const
  const bare = healthGroups({ ...view, pbx: { ...view.pbx, vendor: null, link: off }, omnidesk: { ...view.omnidesk, budget: null, link: off } })
  expect([bare[1]?.rows, bare[2]?.rows]).toEqual(Array(2).fill([{ title: 'Связь', value: 'Не настроено', alarm: false }]))
})

test('is asked anew while it is open, and not after', async () => {
  vi.useFakeTimers()
  const backend = await show()
  await vi.advanceTimersByTimeAsync(5_100)
  expect(backend.health).toHaveBeenCalledTimes(2)
  cleanup()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(backend.health).toHaveBeenCalledTimes(2)
})

test('what is copied is what stands there', async () => {
  const writeText = vi.fn(async () => {})
  vi.stubGlobal('navigator', { ...navigator, languages: ['ru-RU'], clipboard: { writeText } })
  await show()
  await fireEvent.click(screen.getByRole('button', { name: 'Скопировать' }))
  expect(await screen.findByText('Скопировано')).toBeTruthy()
  const [text] = writeText.mock.calls[0] as unknown as [string]
  expect(text).toContain('АТС\n  Откуда приходят события: Asterisk (ARI)\n  Связь: Подключена с ')
  expect(text).toContain('  Нужно решение: 1 (!)\n')
  const values = screen.getAllByRole('definition')
  expect(values.length).toBeGreaterThan(40)
  for (const value of values) expect(text).toContain(value.textContent?.trim() ?? '-')
})

test('a clipboard that is refused is said', async () => {
  vi.stubGlobal('navigator', { ...navigator, languages: ['ru-RU'], clipboard: { writeText: async () => Promise.reject(new Error('no')) } })
  await show()
  await fireEvent.click(screen.getByRole('button', { name: 'Скопировать' }))
  expect(await screen.findByText(/Скопировать не удалось/)).toBeTruthy()
})

test('nothing of a person is copied, whatever lies beside the counts', () => {
  // As a later version might put it there by mistake: the text is made of the rows alone.
  const view = health()
  const person = { caller: 'Иванов Иван', number: '+79161234567', email: 'ivanov@severtech.example', host: 'pbx.severtech.example', key: 'omni-key-1' }
  const planted = {
    ...view,
    ...person,
    pbx: { ...view.pbx, ...person, vendor: 'ari' },
    omnidesk: { ...view.omnidesk, ...person },
    settings: { ...view.settings, ...person },
  } as HealthView
  expect(healthText(healthGroups(planted))).toBe(healthText(healthGroups(view)))
})

test('an engine that does not answer is said, and asked again', async () => {
  let answers = false
  const backend = await show({
    health: async () => (answers ? { status: 'ok', data: health() } : refused({ trouble: 'closed', about: null })),
  })
  expect(screen.getByRole('alert').textContent).toContain('Состояние узнать не удалось')
  answers = true
  await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
  expect(await screen.findByRole('region', { name: 'АТС' })).toBeTruthy()
  expect(backend.health).toHaveBeenCalledTimes(2)
})
