import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CallerView, CallView, UserView } from '$lib/backend'
import { grouped, popupFields, type Field } from '$lib/fields'
import { date, dateField, fileSize, initials, moment, phone, shortDate, shortMoment, shortTimer, talkTimer, time, unbroken } from '$lib/format'
import { setLanguage } from '$lib/i18n.svelte'
import { m } from '$lib/m'
import { call, outcome, shown, user } from '$lib/backend/fake/scene'
import { outcomeText } from '$lib/outcome'

const at = (day: number, month: number, hours = 14, minutes = 5, year = 2026) => new Date(year, month - 1, day, hours, minutes).getTime()

beforeEach(() => {
  vi.useFakeTimers({ now: at(22, 11) })
})

afterEach(() => {
  vi.useRealTimers()
})

test.each([
  [0, '0:00', '00:00'],
  [7_999, '0:07', '00:07'],
  [134_000, '2:14', '02:14'],
  [3_734_000, '62:14', '1:02:14'],
  [-500, '0:00', '00:00'],
])('%d ms as a ringing and a talking timer', (ms, ringing, talking) => {
  expect(shortTimer(ms)).toBe(ringing)
  expect(talkTimer(ms)).toBe(talking)
})

describe('moments', () => {
  test('in Russian', () => {
    expect(time(at(22, 11, 9, 5))).toBe('09:05')
    expect(date(at(12, 11))).toBe('12 ноября')
    expect(shortDate(at(12, 11))).toBe('12 ноя')
    expect(shortDate(at(3, 9))).toBe('3 сен')
    expect(shortDate(at(8, 2))).toBe('8 фев')
    expect(shortDate(at(8, 5))).toBe('8 мая')
    expect(moment(at(22, 11))).toBe('14:05')
    expect(moment(at(12, 11))).toBe('12 ноября в 14:05')
    expect(shortMoment(at(21, 11))).toBe('вчера')
    expect(shortMoment(at(20, 11))).toBe('20 ноя')
    expect(date(at(12, 11, 14, 5, 2025))).toBe('12 ноября 2025 г.')
  })

  test('in English', () => {
    setLanguage('en')
    expect(date(at(12, 11))).toBe('12 November')
    expect(shortDate(at(12, 11))).toBe('12 Nov')
    expect(moment(at(12, 11))).toBe('12 November at 14:05')
  })

  test('a date field, and one that is no date', () => {
    expect(dateField('2027-03-31')).toBe('31 марта 2027')
    expect(dateField('до лета')).toBe('до лета')
  })
})

test('numbers carry their extension in words; a hidden one has none', () => {
  expect(phone({ kind: 'external', pretty: '+7 (921) 555-01-34', e164: '+79215550134', dial: '+79215550134', extension: '118' })).toBe('+7 (921) 555-01-34, доб. 118')
  expect(phone({ kind: 'withheld', pretty: '', e164: null, dial: null, extension: null })).toBe('Номер скрыт')
})

test('plural forms by rule', () => {
  expect([1, 2, 5, 11, 21, 22, 25].map((count) => m.profile_more({ count }).split(' ')[2])).toEqual([
    'обращение', 'обращения', 'обращений', 'обращений', 'обращение', 'обращения', 'обращений',
  ])
})

test.each([
  ['Екатерина Воскресенская-Добролюбова', 'ЕВ'],
  ['  «Ромашка» ', 'Р'],
  ['+7 (921) 555-01-34', ''],
  ['', ''],
])('initials of %j', (name, letters) => {
  expect(initials(name)).toBe(letters)
})

test('telephone numbers in a text do not break, other text may', () => {
  expect(unbroken('Звонок с +7 (921) 555-01-34 по акту-сверке 12-04')).toBe('Звонок с +7\u00a0(921)\u00a0555\u201101\u201134 по акту-сверке 12-04')
})

test('sizes of files', () => {
  expect(fileSize(84_000)).toBe('82 КБ')
  expect(fileSize(1_950_000)).toBe('1,9 МБ')
})

/** A call of somebody known. */
const from = (someone: UserView, part: Partial<CallView> = {}) => call({ caller: { type: 'known', user: someone, matched: 'exact', staleSince: null, lastCase: null }, ...part })

test('a tick is «Да» or «Нет» in the popup', () => {
  const fields = popupFields(
    from({
      id: '1', name: 'А', email: null, phones: [], company: null, position: null, note: null, blocked: false, linkedUnread: false,
      fields: [
        { field: 'cf_1', title: 'Ключевой', format: 'checkbox', value: 'true' },
        { field: 'cf_2', title: 'Долг', format: 'checkbox', value: 'false' },
      ],
    }),
    [shown('cf_2', 'Долг'), shown('name'), shown('cf_1', 'Ключевой')],
  )
  expect(fields.map((field) => [field.title, field.values])).toEqual([['Долг', ['Нет']], ['Ключевой', ['Да']]])
})

test('an address that may stand in a linked profile is said to be there, and only where no address is known', () => {
  const someone = user({ id: '1', name: 'А', linkedUnread: true })
  const chosen = [shown('email')]
  expect(popupFields(from(someone), chosen)).toEqual([{ id: 'email', title: 'Email-адрес', kind: 'text', values: ['в связанном профиле'], quiet: true }])
  expect(popupFields(from({ ...someone, email: 'a@b.example' }), chosen)[0]?.values).toEqual(['a@b.example'])
  expect(popupFields(from({ ...someone, linkedUnread: false }), chosen)).toEqual([])
})

test('s02 a field is shown for calls by its lines, empty ones only where that is wished, and a value has its colour', () => {
  const someone = user({ id: '1', name: 'А', fields: [{ field: 'cf_1', title: 'Тариф', format: 'list', value: 'Базовый' }] })
  const base = { id: 'cf_1', title: 'Тариф', kind: 'text', values: ['Базовый'] }
  const dash = { id: 'cf_2', title: 'Скидка', kind: 'text', values: ['—'], quiet: true }
  const colors = [{ value: 'Базовый', color: 'amber' } as const]
  for (const [chosen, line, expected] of [
    [shown('cf_1', 'Тариф'), null, [base]],
    [shown('cf_1', 'Тариф', { lines: ['Продажи'] }), ' продажи ', [base]],
    [shown('cf_1', 'Тариф', { lines: ['Продажи', 'Поддержка'] }), 'Поддержка', [base]],
    [shown('cf_1', 'Тариф', { lines: ['Продажи'] }), 'Поддержка', []],
    [shown('cf_1', 'Тариф', { lines: ['Продажи'] }), null, []],
    [shown('cf_1', 'Тариф', { colors }), null, [{ ...base, color: 'amber' }]],
    [shown('cf_2', 'Скидка'), null, []],
    [shown('cf_2', 'Скидка', { always: true, colors }), null, [dash]],
    [shown('cf_2', 'Скидка', { always: true, lines: ['Продажи'] }), 'Поддержка', []],
    [shown('company', '', { always: true }), null, [{ ...dash, id: 'company', title: 'Компания' }]],
  ] as const) {
    expect(popupFields(from(someone, { line }), [chosen])).toEqual(expected)
  }
})

describe('s02 what this desk knows of a caller itself', () => {
  const chosen = ['own_line', 'own_last_case', 'own_open_cases', 'own_calls', 'own_last_contact'].map((id) => shown(id, '', { always: true }))
  const values = (one: CallView) => popupFields(one, chosen).map((field) => [field.id.slice(4), ...field.values, ...(field.quiet ? ['quiet'] : [])].join(' '))
  const someone = user({ id: '1', name: 'А' })
  const NOTHING: NonNullable<CallView['facts']> = { calls: null, lastContact: null, openCases: null, hidden: false }
  const offeredAt = new Date(2026, 10, 14, 0, 5).getTime()
  const ago = (days: number, minutes = 0) => new Date(2026, 10, 14 - days, 0, 5 - minutes).getTime()

  test('what is not known is a dash in its place, and a nought is said only where it was counted', () => {
    expect(values(from(someone, { line: null, facts: NOTHING }))).toEqual([
      'line — quiet', 'last_case — quiet', 'open_cases — quiet', 'calls — quiet', 'last_contact — quiet',
    ])
    expect(values(from(someone, { facts: { ...NOTHING, calls: 0, openCases: 0 } }))).toEqual([
      'line Поддержка', 'last_case — quiet', 'open_cases 0', 'calls 0', 'last_contact — quiet',
    ])
  })

  test.each([
    [ago(0, 4), 'сегодня'],
    [ago(0, 6), 'вчера'],
    [ago(1), 'вчера'],
    [ago(5), '5 дней назад'],
    [ago(21), '21 день назад'],
    [ago(22), '22 дня назад'],
    [offeredAt + 60_000, 'сегодня'],
  ])('days are those of the calendar', (lastContact, expected) => {
    expect(values(from(someone, { offeredAt, facts: { ...NOTHING, lastContact } })).at(-1)).toBe(`last_contact ${expected}`)
  })

  test.each<[CallerView, string[]]>([
    [{ type: 'unknown' }, ['line Поддержка', 'calls 3', 'last_contact — quiet']],
    [{ type: 'unavailable', trouble: 'timeout' }, ['line Поддержка', 'calls 3', 'last_contact — quiet']],
    [{ type: 'withheld' }, ['line Поддержка']],
    [{ type: 'lookingUp' }, []],
    [{ type: 'several', users: [someone], staleSince: null }, []],
  ])('of somebody who is not known, what is of the number or the call', (caller, expected) => {
    expect(values(call({ caller, facts: { ...NOTHING, calls: 3 } }))).toEqual(expected)
  })

  test('in privacy nothing is said of it', () => {
    expect(values(from(someone, { facts: { ...NOTHING, hidden: true } }))).toEqual([
      'line Поддержка', 'last_case — quiet', 'open_cases •••', 'calls •••', 'last_contact •••',
    ])
  })
})

test('s02 fields stand under their headings in the order of each, and a heading over nothing is left out', () => {
  const field = (id: string) => ({ id, title: id, kind: 'text' as const, values: ['x'] }) satisfies Field
  const sections = [{ title: 'Пусто', fields: ['cf_9'] }, { title: 'Договор', fields: ['cf_2', 'cf_1'] }]
  expect(grouped(['email', 'cf_1', 'cf_2'].map(field), sections).map((group) => [group.title, group.fields.map(({ id }) => id)])).toEqual([
    [null, ['email']],
    ['Договор', ['cf_2', 'cf_1']],
  ])
  expect(grouped([], sections)).toEqual([])
})

test('a reason of a later version is left out instead of guessed', () => {
  expect(outcomeText(outcome({ rule: 'S99', status: 'open', reason: 'fromTheFuture' }))).toBeNull()
  expect(outcomeText(outcome({ rule: 'S31', status: 'open', reason: 'missed' }))).toBe('Статус «открытое», потому что на звонок никто не ответил')
})
