import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { HealthView } from '$lib/backend'
import { refused } from '$lib/backend/fake/backend'
import { health } from '$lib/backend/fake/health'
import Settings from '../src/pages/Settings.svelte'
import { healthGroups, healthText, type HealthRow } from '../src/pages/settings/health'
import { spellRows } from '../src/pages/settings/health-course'
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
  const part = { ...view, users: { ...view.users, users: 900, missing: 12, failed: true } }
  expect(rowOf(part, 'Данные на этом компьютере', 'Пользователей знаем').value).toBe('900')
  expect(rowOf(part, 'Данные на этом компьютере', 'Список пользователей')).toMatchObject({ value: expect.stringContaining('не прочитано: 12'), alarm: true })
  const off = { state: 'off', trouble: null, since: null, retryAt: null } as const
  const bare = healthGroups({ ...view, pbx: { ...view.pbx, vendor: null, link: off }, omnidesk: { ...view.omnidesk, budget: null, link: off } })
  const rowsOf = (title: string) => bare.find((group) => group.title === title)?.rows
  expect([rowsOf('АТС'), rowsOf('Омнидеск')]).toEqual(Array(2).fill([{ title: 'Связь', value: 'Не настроено', alarm: false }]))
})

test('how soon the card came is told in figures, and before the first call in words', async () => {
  await show()
  const popup = within(screen.getByRole('region', { name: 'Карточка звонка' }))
  expect(popup.getByText('У 95 из 100 не больше').parentElement?.textContent).toContain('61 мс')
  expect(popup.getByText('Последних звонков измерено').parentElement?.textContent).toContain('200')
  const none = { ...health(), popup: { calls: 0, half: null, most: null, slowest: null } }
  expect(rowOf(none, 'Карточка звонка', 'Время до карточки').value).toBe('Ещё ни одной карточки не показано')
})

test('how the links stood is told with the reasons, the newest first, and all of it on demand', async () => {
  await show()
  const history = () => within(screen.getByRole('region', { name: 'АТС' })).getByRole('list', { name: 'История связи' })
  const lines = () => [...history().querySelectorAll('.what')].map((line) => line.textContent)
  expect(lines()).toEqual([
    'На связи, уже 95 мин',
    'Нет связи 60 с: Соединение закрыто другой стороной (closed)',
    'На связи 4 ч',
    'Нет связи 5 мин: АТС ещё запускается (booting)',
  ])
  const more = screen.getByRole('button', { name: 'АТС: Показать ещё 5' })
  expect(more.getAttribute('aria-expanded')).toBe('false')
  await fireEvent.click(more)
  expect(lines()).toHaveLength(9)
  expect(lines()[7]).toMatch(/^Нет связи 19 мин: .* \(closed\); .* \(unreachable\)$/)
  await fireEvent.click(screen.getByRole('button', { name: 'АТС: Свернуть' }))
  expect(lines()).toHaveLength(4)
})

test('a state whose end nobody saw, and one that lasts for days', () => {
  const now = Date.now()
  const day = 86_400_000
  const spell = { state: 'up', since: now - 3 * day, until: null, goesOn: false, reasons: [] } as const
  const told = (of: object) => spellRows([{ ...spell, reasons: [], ...of }], now)[0]?.what
  expect(told({})).toBe('На связи, до остановки программы')
  expect(told({ goesOn: true })).toBe('На связи, уже 3 дн')
  expect(told({ until: now })).toBe('На связи 3 дн')
  expect(told({ since: now, until: now - day })).toBe('На связи 0 с')
})

test('who spends the requests is told by purpose, the greatest first, and what took none is left out', async () => {
  await show()
  const table = within(screen.getByRole('region', { name: 'Омнидеск' })).getByRole('table', { name: 'На что идут запросы' })
  const rows = within(table).getAllByRole('row').slice(1)
  expect(rows.map((row) => within(row).getByRole('rowheader').textContent)).toEqual([
    'Отправка обращений',
    'Страницы, которые смотрят',
    'Кто звонит',
    'Список пользователей',
    'Устройство аккаунта',
    'Настройки отдела',
    'Прочее в фоне',
  ])
  expect(within(rows[0] as HTMLElement).getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['6', '94', '1'])
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
  expect(text).toContain('АТС\n  Откуда приходят события: Asterisk (ARI)\n  Версия АТС: 22.10.1\n  Связь: Подключена с ')
  expect(text).toContain('  Нужно решение: 1 (!)\n')
  const values = screen.getAllByRole('definition')
  expect(values.length).toBeGreaterThan(40)
  for (const value of values) expect(text).toContain(value.textContent?.trim() ?? '-')
  expect(text).toContain('    Отправка обращений: за минуту 6, за час 94, ждут очереди 1\n')
  // What is folded on the screen goes along.
  expect(text.split('\n').filter((line) => line.includes('Нет связи'))).toHaveLength(7)
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
    popup: { ...view.popup, ...person },
    pbx: { ...view.pbx, ...person, vendor: 'ari', spells: view.pbx.spells.map((spell) => ({ ...spell, ...person })) },
    omnidesk: {
      ...view.omnidesk,
      ...person,
      budget: view.omnidesk.budget && { ...view.omnidesk.budget, spent: view.omnidesk.budget.spent.map((one) => ({ ...one, ...person })) },
    },
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
