import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Backend, FiguresRange, Result, TeamView, TeamWish } from '$lib/backend'
import { figures, noFigures, totals } from '$lib/backend/fake/figures'
import { noTeamFigures, teamFigures } from '$lib/backend/fake/team'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import * as files from '$lib/save-text'
import Stats from '../src/pages/Stats.svelte'
import { BASE, busiest, place, scale, type Bar } from '../src/pages/stats/chart'
import { chosen } from '../src/pages/stats/range.svelte'
import { team } from '../src/pages/stats/team.svelte'
import { changeText, dayBars, hourBars, spanText } from '../src/pages/stats/words'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU'])
  router.reset()
  chosen.reset()
  team.stop()
  team.view = team.error = null
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  desk.apply({ ...desk.view, private: false })
})

async function open(name = 'ws-stats', overrides: Partial<Backend> = {}) {
  const from = scene(name)
  const backend = await stage({ ...from, overrides: { ...from.overrides, ...overrides } })
  render(Stats)
  await screen.findByRole('heading', { name: 'Статистика' })
  return backend
}

const part = (name: string) => within(screen.getByRole('region', { name }))
const answers = (change: (range: FiguresRange) => Partial<ReturnType<typeof figures>>): Partial<Backend> => ({
  figures: async (range) => ({ status: 'ok', data: { ...figures(range), ...change(range) } }),
})

describe('what is shown', () => {
  test('s35 the load, each figure with its change and with what it counts', async () => {
    await open()
    const load = await screen.findByRole('region', { name: 'Общая нагрузка' })
    const texts = load.textContent?.replaceAll(/\s+/g, ' ')
    expect(texts).toContain('Поступившие обращения 148 на 12 больше, чем за 7 дней до этого')
    expect(texts).toContain('С первым ответом 96 столько же, сколько до этого входящие, на которые ответили')
    expect(texts).toContain('Закрытые с записью 87 на 4 меньше, чем за 7 дней до этого статус «закрытое» и есть запись')
    expect(texts).toContain('с 15 уже поговорили, 4 ждут')
  })

  test('s36 s37 the channel «Звонки», and that calls do not count for speed', async () => {
    await open()
    const channels = await screen.findByRole('region', { name: 'Каналы обращений' })
    expect(channels.textContent).toMatch(/Звонки, поступившие\s*148\s*Звонки, закрытые\s*87/)
    expect(channels.textContent).toMatch(/Скорость ответов\s*Звонки здесь не учитываются/)
  })

  test('s38 the best, and that others of the team are not seen here', async () => {
    await open()
    await screen.findByRole('region', { name: 'Лучшие в команде' })
    const rows = part('Лучшие в команде').getAllByRole('listitem').map((row) => row.textContent?.replaceAll(/\s+/g, ' ').trim())
    expect(rows[0]).toMatch(/^1 .*вы 31$/)
    expect(rows[2]).toMatch(/^3 .*206 13$/)
    expect(part('Лучшие в команде').getByText(/Только с этого компьютера/)).toBeTruthy()
  })

  test('what is not counted is said', async () => {
    await open('ws-stats-new')
    expect(await screen.findByText('Не посчитаны 2 звонка: чем они кончились, никто не видел.')).toBeTruthy()
    expect(screen.getByText(/Ещё 3 звонка записала другая версия/)).toBeTruthy()
    expect(screen.getAllByText(/^сравнить не с чем: история с /)).toHaveLength(4)
    expect(screen.getByText(/^не менее: /)).toBeTruthy()
    expect(screen.getByText(/2 со скрытым номером/)).toBeTruthy()
  })

  test('my day counts today, and leads to who waits and what is owed', async () => {
    await open()
    const day = await screen.findByRole('region', { name: 'Мой день' })
    expect(day.textContent).toMatch(/Звонки\s*35\s*входящих 22, исходящих 13/)
    expect(day.textContent).toMatch(/Разговоры\s*1 ч 24 мин/)
    expect(day.textContent).toMatch(/Перезвонить\s*1\s*пора: 1, позже сегодня: 0/)
    await fireEvent.click(part('Мой день').getByRole('link', { name: 'Открыть пропущенные' }))
    expect(router.current).toEqual({ page: 'missed' })
    await fireEvent.click(part('Мой день').getByRole('link', { name: 'Открыть очередь' }))
    expect(router.current).toEqual({ page: 'outbox' })
  })

  test('without any call, figures are zero and nothing is broken', async () => {
    await open('ws-stats-empty')
    expect(await screen.findAllByText('Звонков за эти дни нет.')).toHaveLength(3)
    expect(screen.getByText('Входящих и пропущенных за эти дни нет.')).toBeTruthy()
    expect(screen.getByText('За эти дни таких обращений нет.')).toBeTruthy()
  })

  test('names and numbers are hidden while that is wanted', async () => {
    await open('ws-stats-private')
    await screen.findByRole('region', { name: 'Лучшие в команде' })
    expect(document.body.textContent).not.toMatch(/igor|samsonov|severtech|555-01/)
    expect(part('Входящие по линиям').getByText('••• 00')).toBeTruthy()
  })

  test('a refusal is said, and can be asked again', async () => {
    const backend = await open('ws-stats-failed')
    expect(await screen.findByText('Посчитать не удалось')).toBeTruthy()
    const asked = backend.figures.mock.calls.length
    await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
    expect(backend.figures).toHaveBeenCalledTimes(asked + 1)
  })
})

describe('the team', () => {
  const asTeam = async (name: string, overrides: Partial<Backend> = {}) => {
    const backend = await open(name, overrides)
    await fireEvent.click(screen.getByRole('button', { name: 'Команда' }))
    return backend
  }
  const ok = (data: TeamView): Result<TeamView> => ({ status: 'ok', data })

  test('s35 s36 the load, with what Omnidesk does not tell said in its place, and no zero there', async () => {
    await asTeam('ws-stats')
    const load = await screen.findByRole('region', { name: 'Общая нагрузка' })
    const texts = load.textContent?.replaceAll(/\s+/g, ' ')
    expect(texts).toContain('Поступившие обращения 252 на 21 больше, чем за 7 дней до этого')
    expect(texts).toContain('С первым ответом – Омнидеск не сообщает')
    expect(texts).toContain('Закрытые с записью 151')
    expect(texts).toContain('Пропущенные – Омнидеск не сообщает')
    expect(texts).toContain('Разговоры – Омнидеск не сообщает')
    expect(screen.getByText(/^По данным Омнидеска: /)).toBeTruthy()
    expect(screen.queryByRole('region', { name: 'Мой день' })).toBeNull()
  })

  test('s38 the best by name, and beside them what is nobody’s', async () => {
    await asTeam('ws-stats')
    await screen.findByRole('region', { name: 'Лучшие в команде' })
    const rows = part('Лучшие в команде').getAllByRole('listitem').map((row) => row.textContent?.replaceAll(/\s+/g, ' ').trim())
    expect(rows[1]).toMatch(/^2 .*Анна Лебедева *вы 41$/)
    expect(rows[3]).toMatch(/сотрудник № 340 3$/)
    expect(part('Лучшие в команде').getByText('Ещё закрыты правилом Омнидеска: 6')).toBeTruthy()
    expect(part('Лучшие в команде').getByText('Чей разговор записан, Омнидеск не сообщает: 14')).toBeTruthy()
    expect(part('Лучшие в команде').queryByText(/Кто закрыл, Омнидеск не сообщает/)).toBeNull()
  })

  test('is read step by step with its progress, stops when that is wanted, and goes on from there', async () => {
    const answers: ((view: TeamView) => void)[] = []
    const teamAnswers = vi.fn((_range: FiguresRange, _wish: TeamWish) => new Promise<Result<TeamView>>((answer) => answers.push((view) => answer(ok(view)))))
    await asTeam('ws-stats', { teamFigures: teamAnswers })
    const range: FiguresRange = { type: 'week' }
    const wishes = () => teamAnswers.mock.calls.map(([, wish]) => wish).join()
    const say = async (part: Partial<TeamView>) => {
      answers.at(-1)!(noTeamFigures(range, part))
      await tick()
      await tick()
      await tick()
    }
    await say({})
    await say({ stage: 'cases', done: 100, of: 252 })
    expect(screen.getByText('Читаем список обращений: 100 из 252.')).toBeTruthy()
    expect(screen.getByRole('progressbar').getAttribute('value')).toBe('100')
    await say({ stage: 'closed', done: 0, of: 40, received: 252, closed: 40, recorded: 0, unlooked: 40 })
    expect(part('Каналы обращений').getByText('…'), 'of none is it known whether it has a recording').toBeTruthy()
    await say({ stage: 'closed', done: 3, of: 40, received: 252, closed: 40, recorded: 2, unlooked: 37 })
    expect(screen.getByText('Смотрим, кто закрыл и есть ли запись: 3 из 40.')).toBeTruthy()
    expect(screen.getAllByText('проверено 3 из 40 закрытых'), 'beside both figures').toHaveLength(2)
    expect(part('Лучшие в команде').getByText('Кто закрыл, ещё не посмотрели.'), 'nobody is not said before they are looked into').toBeTruthy()
    expect(wishes()).toBe('look,read,read,read,read')

    await fireEvent.click(screen.getByRole('button', { name: 'Остановить' }))
    await say({ stage: 'closed', done: 4, of: 40, received: 252, closed: 40, recorded: 3, unlooked: 36 })
    expect(wishes(), 'nothing more is asked').toBe('look,read,read,read,read')
    expect(screen.getByText(/^Остановлено\./)).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Продолжить' }))
    await say({ stage: 'closed', done: 4, of: 40, received: 252, closed: 40, recorded: 3, unlooked: 36 })
    await say({ ...teamFigures(range) })
    expect(wishes()).toBe('look,read,read,read,read,look,read')
    await fireEvent.click(screen.getByRole('button', { name: 'Обновить' }))
    expect(wishes()).toMatch(/,anew$/)
    await fireEvent.click(screen.getByRole('button', { name: 'Мои' }))
    await say({ stage: 'cases', done: 100, of: 252 })
    expect(wishes(), 'who looks elsewhere asks nothing').toMatch(/,anew$/)
  })

  test('a refusal is said with what to do, and is asked again only when that is wanted', async () => {
    const backend = await asTeam('ws-stats-team-refused')
    expect(await screen.findByText('Омнидеск не показывает вам обращения этого канала. Попросите администратора дать права на него.')).toBeTruthy()
    expect(screen.getByRole('region', { name: 'Общая нагрузка' }).textContent).not.toContain('0')
    expect(screen.queryByRole('region', { name: 'Лучшие в команде' })).toBeNull()
    const asked = backend.teamFigures.mock.calls.length
    expect(asked).toBe(2)
    await fireEvent.click(screen.getByRole('button', { name: 'Продолжить' }))
    expect(backend.teamFigures.mock.calls.length).toBeGreaterThan(asked)
  })

  test('without a channel of calls that is said, and Omnidesk out of reach can be asked again', async () => {
    await asTeam('ws-stats-team-none')
    expect(await screen.findByText(/^Канал для звонков не задан/)).toBeTruthy()
    cleanup()
    chosen.reset()
    team.error = null
    const backend = await asTeam('ws-stats', { teamFigures: async () => ({ status: 'error', error: { trouble: 'unreachable', about: null } }) })
    expect(await screen.findByText('Цифры команды не прочитаны')).toBeTruthy()
    const asked = backend.teamFigures.mock.calls.length
    await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
    expect(backend.teamFigures).toHaveBeenCalledTimes(asked + 1)
  })

  test('names are hidden while that is wanted, and whole in a file that the agent agreed to', async () => {
    const saved = vi.spyOn(files, 'saveText').mockImplementation(() => {})
    await asTeam('ws-stats-private')
    await screen.findByRole('region', { name: 'Лучшие в команде' })
    expect(document.body.textContent).not.toMatch(/Самсонов|Лебедева/)
    await fireEvent.click(screen.getByRole('button', { name: 'Сохранить в CSV: Лучшие в команде' }))
    expect(saved).not.toHaveBeenCalled()
    await fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Сохранить' }))
    expect(saved.mock.lastCall?.[1]).toContain('Игорь Самсонов,48\r\n')
    await fireEvent.click(screen.getByRole('button', { name: 'Сохранить в CSV: Общая нагрузка' }))
    expect(saved.mock.lastCall?.[1]).toContain('Пропущенные,Омнидеск не сообщает,Омнидеск не сообщает\r\n')
  })

  test('days are asked for as they are chosen', async () => {
    const backend = await asTeam('ws-stats')
    await fireEvent.click(screen.getByRole('button', { name: 'Вчера' }))
    expect(backend.teamFigures).toHaveBeenLastCalledWith({ type: 'yesterday' }, 'look')
  })
})

describe('the range', () => {
  test('is asked for when it is chosen, and kept', async () => {
    const backend = await open()
    expect(backend.figures).toHaveBeenLastCalledWith({ type: 'week' })
    await fireEvent.click(screen.getByRole('button', { name: 'Вчера' }))
    expect(backend.figures).toHaveBeenLastCalledWith({ type: 'yesterday' })
    cleanup()
    render(Stats)
    await tick()
    expect(screen.getByRole('button', { name: 'Вчера' }).getAttribute('aria-pressed')).toBe('true')
  })

  test('own days are read as people write them, and what is wrong is said at the field', async () => {
    const backend = await open('ws-stats', {
      figures: async (range) =>
        range.type === 'days' && range.first < '2020' ? { status: 'error', error: { trouble: 'badSetting', about: 'length' } } : { status: 'ok', data: figures(range) },
    })
    await fireEvent.click(screen.getByRole('button', { name: 'Свои даты' }))
    const [first, last] = [screen.getByLabelText('С какого дня'), screen.getByLabelText('По какой день')]
    const asked = backend.figures.mock.calls.length
    const write = async (one: string, other: string) => {
      await fireEvent.input(first, { target: { value: one } })
      await fireEvent.input(last, { target: { value: other } })
      await fireEvent.click(screen.getByRole('button', { name: 'Показать' }))
      await tick()
    }
    await write('завтра', '31.02.2026')
    expect(screen.getAllByText('Напишите день так: 18.11.2026')).toHaveLength(2)
    await write('24.11.2026', '18.11.2026')
    expect(screen.getByText('Этот день раньше первого')).toBeTruthy()
    expect(backend.figures).toHaveBeenCalledTimes(asked)
    await write('1.11.2026', '2026-11-18')
    expect(backend.figures).toHaveBeenLastCalledWith({ type: 'days', first: '2026-11-01', last: '2026-11-18' })
    await write('01.01.2019', '18.11.2026')
    expect(await screen.findByText('Не больше 366 дней')).toBeTruthy()
    expect(screen.getByRole('region', { name: 'Общая нагрузка' }), 'what was shown stays').toBeTruthy()
  })

  test('a call that ends is counted, one that rings is not asked after', async () => {
    const backend = await open()
    await screen.findByRole('region', { name: 'Общая нагрузка' })
    const asked = backend.figures.mock.calls.length
    const [call] = desk.view.calls
    desk.apply({ ...desk.view, calls: [{ ...call!, id: 'new', phase: 'ringing' }, ...desk.view.calls] })
    await tick()
    const ringing = backend.figures.mock.calls.length
    desk.apply({ ...desk.view, calls: [{ ...call!, id: 'new', phase: 'ended' }, ...desk.view.calls.slice(1)] })
    await tick()
    expect(backend.figures.mock.calls.length).toBeGreaterThan(ringing)
    expect(ringing - asked).toBeLessThanOrEqual(1)
  })
})

describe('a chart', () => {
  const bar = (label: string, incoming: number, outgoing = 0, missed = 0): Bar => ({ label, name: label, counts: { incoming, outgoing, missed } })

  test('says in a sentence what it shows, and is a table where that is wanted', async () => {
    await open()
    expect(await screen.findByRole('img', { name: /^Звонки по дням: всего 175, больше всего .*, 38$/ })).toBeTruthy()
    const toggle = screen.getByRole('button', { name: 'Показать таблицей: Звонки по дням' })
    await fireEvent.click(toggle)
    expect(toggle.getAttribute('aria-pressed')).toBe('true')
    const rows = within(screen.getByRole('table', { name: 'Звонки по дням' })).getAllByRole('row')
    expect(rows).toHaveLength(8)
    expect(within(rows.at(-1)!).getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['22', '13', '3', '38'])
  })

  test.each([0, 1, 3, 4, 5, 9, 10, 38, 41, 99, 100, 175, 1_000, 99_999])('of %i at most has a few even steps that reach it', (most) => {
    const steps = scale(most)
    expect(steps[0]).toBe(0)
    expect(steps.at(-1)!).toBeGreaterThanOrEqual(most)
    expect(steps.length).toBeLessThanOrEqual(6)
    expect(steps.at(-1)! / Math.max(most, 1)).toBeLessThanOrEqual(2.5)
    expect(new Set(steps.slice(1).map((step, i) => step - steps[i]!)).size).toBe(1)
  })

  test.each([1, 7, 30, 366])('of %i bars stands within its width, its parts one upon the other', (count) => {
    const bars = Array.from({ length: count }, (_, i) => bar(String(i), i % 7, i % 3, i % 2))
    for (const width of [200, 480, 900]) {
      const chart = place(bars, width)
      for (const { x, parts, top, total } of chart.bars) {
        expect(x - chart.barWidth / 2).toBeGreaterThanOrEqual(0)
        expect(x + chart.barWidth / 2).toBeLessThanOrEqual(width)
        expect(top).toBeGreaterThanOrEqual(0)
        let below = BASE
        for (const part of parts) {
          expect(part.y + part.height).toBeLessThanOrEqual(below + 0.001)
          expect(part.height).toBeGreaterThan(0)
          below = part.y
        }
        expect(parts.length === 0).toBe(total === 0)
      }
      const labelled = chart.bars.filter((one) => one.labelled)
      const apart = labelled.slice(1).map((one, i) => one.x - labelled[i]!.x)
      expect(Math.min(Infinity, ...apart)).toBeGreaterThanOrEqual(7 * String(count - 1).length)
    }
  })

  test('without bars or calls is drawn, and nothing is its peak', () => {
    expect(place([], 400).bars).toEqual([])
    expect(place([bar('a', 0)], 400).bars[0]!.parts).toEqual([])
    expect(busiest([bar('a', 0)])).toBeNull()
    expect(busiest([bar('a', 1), bar('b', 1, 1), bar('c', 2)])?.label).toBe('b')
  })
})

describe('a file', () => {
  test('holds what the part shows, whole also while names are hidden, which the agent is asked about, and is no formula', async () => {
    const saved = vi.spyOn(files, 'saveText').mockImplementation(() => {})
    const lines = [{ line: '=cmd|calc', calls: { incoming: 3, outgoing: 0, missed: 1 } }]
    await open('ws-stats-private', answers(() => ({ first: '2026-11-18', last: '2026-11-24', lines })))
    await screen.findByRole('region', { name: 'Общая нагрузка' })
    await fireEvent.click(screen.getByRole('button', { name: 'Сохранить в CSV: Входящие по линиям' }))
    expect(saved, 'numbers in a file are asked about first').not.toHaveBeenCalled()
    await fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Отмена' }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(saved).not.toHaveBeenCalled()
    await fireEvent.click(screen.getByRole('button', { name: 'Сохранить в CSV: Входящие по линиям' }))
    await fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Сохранить' }))
    expect(saved).toHaveBeenLastCalledWith('ringside-lines-2026-11-18-2026-11-24.csv', "\uFEFFЛиния,входящие,пропущенные,всего\r\n'=cmd|calc,3,1,4\r\n", files.CSV_TYPE)
    expect(screen.getByText('Сохранено: ringside-lines-2026-11-18-2026-11-24.csv')).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Сохранить в CSV: Общая нагрузка' }))
    expect(screen.queryByRole('dialog'), 'a file of figures names nobody').toBeNull()
    expect(saved.mock.lastCall?.[1]).toContain('Поступившие обращения,148,136\r\n')
    await fireEvent.click(screen.getByRole('button', { name: 'Сохранить в CSV: Лучшие в команде' }))
    expect(saved).toHaveBeenCalledTimes(2)
    desk.apply({ ...desk.view, private: false })
    await tick()
    expect(saved.mock.lastCall?.[1]).toContain('igor.samsonov@severtech.example,24\r\n')
  })
})

describe('words', () => {
  test('of spans', () => {
    expect([spanText(0), spanText(29_000), spanText(59 * 60_000), spanText(3_600_000), spanText(90 * 60_000)]).toEqual(['0 мин', '0 мин', '59 мин', '1 ч 0 мин', '1 ч 30 мин'])
  })

  test('of changes, by the range', () => {
    const view = figures({ type: 'week' })
    const one = { ...view, days: view.days.slice(0, 1) }
    expect(changeText(5, 3, one, 'today')).toBe('на 2 больше, чем за весь вчерашний день')
    expect(changeText(3, 5, one, 'yesterday')).toBe('на 2 меньше, чем днём раньше')
    expect(changeText(3, 3, view, 'week')).toBe('столько же, сколько до этого')
    expect(changeText(3, 0, { ...view, keptSince: null }, 'week')).toMatch(/^сравнить не с чем/)
  })

  test('of a long range: weeks, which hold all its days', () => {
    const view = figures({ type: 'month' })
    const days = Array.from({ length: 100 }, (_, i) => view.days[i % view.days.length]!)
    const { title, bars } = dayBars({ ...view, days })
    expect([title, bars.length]).toEqual(['Звонки по неделям', 15])
    const all = (counts: { incoming: number; outgoing: number; missed: number }[]) => counts.reduce((sum, one) => sum + one.incoming + one.outgoing + one.missed, 0)
    expect(all(bars.map(({ counts }) => counts))).toBe(all(days.map(({ calls }) => calls)))
  })

  test('of hours: those of an office, and those beside them in which it rang', () => {
    const quiet = noFigures({ type: 'week' })
    expect(hourBars(quiet).map(({ label }) => label).join()).toBe('8,9,10,11,12,13,14,15,16,17,18')
    const night = { ...quiet, hours: quiet.hours.map((counts, hour) => (hour === 2 ? { ...counts, missed: 1 } : counts)) }
    expect(hourBars(night)[0]?.name).toBe('02:00')
    expect(totals().received).toBe(0)
  })
})
