import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Backend, CommandError, DialAnswer, DialPreview, DialStart, FoundUser, Result } from '$lib/backend'
import { SCENES } from '$lib/backend/fake'
import { KATYA } from '$lib/backend/fake/people'
import { call, desk as deskOf, outside, user } from '$lib/backend/fake/scene'
import dialMessages from '../messages/ru/dial.json'
import Dial from '../src/dial/Dial.svelte'
import { recentOptions } from '../src/dial/options'
import { EMPTY, NUMBER, field, press, show, standStill, text, type } from './dial-window'
import { scene, stage } from './stage'

const RUSSIAN = Object.values(dialMessages).filter((message) => !message.includes('{') && message.length > 4)
const REFUSED: DialStart = { text: '+79215550134', trouble: { trouble: 'phoneOffline', about: null }, caution: null, from: 'agent' }
const NONSENSE: DialPreview = { kind: 'nonsense', pretty: '', extension: null, dial: null, caution: null, others: [], user: null }

beforeEach(standStill)

afterEach(() => {
  vi.useRealTimers()
})

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve }
}

const options = () => screen.queryAllByRole('option').map((option) => (option.textContent ?? '').replaceAll(/\s+/g, ' ').trim())
const chosen = () => screen.getAllByRole('option').findIndex((option) => option.getAttribute('aria-selected') === 'true')

describe('each state', () => {
  const states: [string, string[]][] = [
    ['dial-empty', ['Недавние', 'Гульнара Ахметзянова', '+7 (843) 555-01-62', '14:32', 'позвонить', 'выбрать', 'закрыть']],
    ['dial-first-start', ['закрыть']],
    ['dial-paste', ['+7 (921) 555-01-34', 'доб. 118', 'Екатерина Воскресенская-Добролюбова', 'Позвонить', 'Профиль', 'Недавние']],
    ['dial-bad', ['В этом тексте нет номера телефона', 'Нужно 10 или 11 цифр для города и мобильных, 3 для внутренних.', 'Недавние']],
    ['dial-link', ['Номер из ссылки или другой программы', '+7 (921) 555-01-34', 'Позвонить']],
    ['dial-link-bad', ['В этой ссылке нет номера, который можно набрать', 'Недавние']],
    ['dial-selected', ['Номер из выделенного текста', '+7 (921) 555-01-34', 'Позвонить']],
    ['dial-selected-none', ['Ничего не выделено', 'Недавние']],
    ['dial-name', ['Пользователи', 'Павел Кожевников', '+7 (921) 555-01-56 · второй номер', 'Алина Кожемяко']],
    ['dial-question', ['Звонок в другую страну: Ямайка', '+1 876-555-0134', 'Отмена', 'Всё равно позвонить']],
    ['dial-never', ['Платный номер', 'На такие номера звонить нельзя']],
    ['dial-private', ['Личное скрыто.', 'Е•••', '••• 34', 'Недавние']],
    ['dial-error', ['Софтфон не подключён к АТС. Запустите его и наберите ещё раз', 'Позвонить']],
  ]

  test.each(states)('%s', async (name, texts) => {
    await show(name)
    for (const expected of texts) expect(text()).toContain(expected)
  })

  test.each(states.map(([name]) => name))('%s in English says nothing in Russian', async (name) => {
    await show(name, { appearance: async () => ({ transparent: false, language: 'en', theme: '' }) })
    for (const phrase of RUSSIAN) expect(text()).not.toContain(phrase)
  })

  test('every scene of the window is looked at here', () => {
    expect(states.map(([name]) => name).sort()).toEqual(Object.keys(SCENES).filter((name) => name.startsWith('dial-')).sort())
  })
})

describe('a number', () => {
  test('is read after a pause in typing, once', async () => {
    const backend = await show('dial-empty')
    await type('8', 40)
    await type('8 9', 40)
    expect(backend.readNumber).not.toHaveBeenCalled()
    await type('8 921', 80)
    expect(backend.readNumber).toHaveBeenCalledExactlyOnceWith('8 921')
  })

  test('an answer to an earlier text is dropped', async () => {
    const late = deferred<DialPreview>()
    await show('dial-empty', { readNumber: (text) => (text === '1' ? late.promise : Promise.resolve(NUMBER)) })
    await type('1')
    await type('8 921 555 01 34')
    late.resolve({ ...NUMBER, pretty: '+7 (999) 555-01-99' })
    await vi.advanceTimersByTimeAsync(0)
    expect(text()).toContain('+7 (921) 555-01-34')
    expect(text()).not.toContain('+7 (999) 555-01-99')
  })

  test('Enter calls what stands in the field, then the window closes and keeps nothing', async () => {
    const backend = await show('dial-paste')
    await press('Enter')
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79215550134', null, null)
    expect(backend.hideDial).toHaveBeenCalledOnce()
    expect(field().value).toBe('')
    expect(text()).not.toContain('доб. 118')
  })

  test('Enter right after pasting waits until the number was read', async () => {
    const backend = await show('dial-empty', { readNumber: async () => NUMBER })
    await type('89215550134', 0)
    await press('Enter')
    expect(backend.readNumber).toHaveBeenCalledOnce()
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79215550134', null, null)
  })

  test('the button calls, too', async () => {
    const backend = await show('dial-paste')
    await fireEvent.click(screen.getByRole('button', { name: 'Позвонить' }))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79215550134', null, null)
  })

  test('further numbers of a pasted text are rows; the first is what Enter calls', async () => {
    const others = ['+7 (495) 765-43-21 #12']
    const backend = await show('dial-empty', { readNumber: async () => ({ ...NUMBER, others }) })
    await type('моб. 8 921 555 01 34, раб. 8 495 765 43 21 доб. 12')
    expect(screen.getAllByRole('option').map((row) => row.textContent?.trim())).toEqual(others)
    await fireEvent.click(screen.getByRole('option'))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+7 (495) 765-43-21 #12', null, null)
  })

  test('digits whose country is not certain are dialled as they stand', async () => {
    const guess: DialPreview = { kind: 'nonsense', pretty: '989161234567', extension: null, dial: '989161234567', caution: null, others: [], user: null }
    const backend = await show('dial-empty', { readNumber: async () => guess })
    await type('989161234567')
    expect(text()).toContain('989161234567')
    await press('Enter')
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('989161234567', null, null)
  })

  test('one that cannot be dialled is shown as such and not dialled', async () => {
    const backend = await show('dial-empty', { readNumber: async () => ({ ...NUMBER, user: null, dial: null, caution: null }) })
    await type('+7 921 555 01 34')
    expect(text()).toContain('Этот номер набрать нельзя')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Позвонить' }).disabled).toBe(true)
    await press('Enter')
    expect(backend.dial).not.toHaveBeenCalled()
  })

  test.each([
    ['extension', '207', 'Внутренний номер'],
    ['short', '112', 'Экстренный номер'],
    ['external', '+7 (812) 555-01-77', 'Неизвестно, чей это номер'],
  ] as const)('%s: who it is', async (kind, pretty, who) => {
    await show('dial-empty', { readNumber: async () => ({ ...NUMBER, kind, pretty, user: null }) })
    await type(pretty)
    expect(text()).toContain(who)
    expect(screen.queryByRole('button', { name: 'Профиль' })).toBeNull()
  })

  test('«Профиль» opens the workspace and closes the window', async () => {
    const backend = await show('dial-paste')
    await fireEvent.click(screen.getByRole('button', { name: 'Профиль' }))
    expect(backend.openRoute).toHaveBeenCalledExactlyOnceWith({ page: 'profile', user: '501', call: null })
    expect(backend.hideDial).toHaveBeenCalledOnce()
  })
})

describe('a name', () => {
  const FOUND: FoundUser[] = [{ user: user({ id: '1', name: 'Ян Ким', phones: [] }), dial: [], matched: [{ field: 'name', text: 'Ян Ким', ranges: [] }] }]

  test('is looked for after a longer pause; a single letter is not', async () => {
    const backend = await show('dial-empty', { readNumber: async () => NONSENSE })
    await type('к')
    expect(backend.searchUsers).not.toHaveBeenCalled()
    await type('ко', 199)
    expect(backend.searchUsers).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(backend.searchUsers).toHaveBeenCalledExactlyOnceWith('ко')
  })

  test('a number is never looked for as a name', async () => {
    const backend = await show('dial-paste')
    expect(backend.searchUsers).not.toHaveBeenCalled()
  })

  test('each number of a person is a row; Enter calls the chosen one', async () => {
    const backend = await show('dial-name')
    expect(options()).toEqual([
      'ПК Павел Кожевников +7 (495) 555-01-20 · АО «Балтийский хлебозавод» ↵',
      'ПК Павел Кожевников +7 (921) 555-01-56 · второй номер',
      'АК Алина Кожемяко +7 (812) 555-01-31 · ИП Кожемяко А. В.',
    ])
    expect(chosen()).toBe(0)
    await press('ArrowDown')
    expect(field().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[1]?.id)
    await press('Enter')
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+7 (921) 555-01-56', null, null)
  })

  test('what matched is marked', async () => {
    await show('dial-name')
    expect([...document.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['Кож', 'Кож', 'Кож', 'Кож'])
  })

  test('a person without a number is shown, but cannot be called', async () => {
    const backend = await show('dial-empty', { searchUsers: async () => ({ status: 'ok', data: FOUND }) })
    await type('ян')
    expect(text()).toContain('Номер не записан')
    expect(chosen()).toBe(-1)
    await fireEvent.click(screen.getByRole('option'))
    await press('Enter')
    expect(backend.dial).not.toHaveBeenCalled()
  })

  test('nobody of that name: says so', async () => {
    await show('dial-empty')
    await type('рщлл')
    expect(text()).toContain('Никого с таким именем не нашли')
    expect(text()).toContain('Недавние')
  })

  test('a search that failed says why', async () => {
    await show('dial-empty', { searchUsers: async () => ({ status: 'error', error: { trouble: 'timeout', about: null } }) })
    await type('кож')
    expect(text()).toContain('Найти человека не получилось')
    expect(text()).toContain('Ответ не пришёл вовремя')
  })

  test('an answer to an earlier name is dropped', async () => {
    const late = deferred<Result<FoundUser[]>>()
    await show('dial-empty', { searchUsers: (query) => (query === 'ян' ? late.promise : Promise.resolve({ status: 'ok', data: [] })) })
    await type('ян')
    await type('рщлл')
    late.resolve({ status: 'ok', data: FOUND })
    await vi.advanceTimersByTimeAsync(0)
    expect(text()).not.toContain('Ян Ким')
  })
})

describe('recent calls', () => {
  test('d1 outside numbers, each once, newest first, with handset, name, number and time', async () => {
    await show('dial-empty')
    expect(options()).toEqual([
      'Гульнара Ахметзянова +7 (843) 555-01-62 14:32',
      'Екатерина Воскресенская-Добролюбова +7 (921) 555-01-34 14:25',
      'Дмитрий Ли +7 (916) 555-01-15 12:51',
      'Мария Ветрова +7 (921) 555-01-92 10:15',
    ])
    expect(screen.getAllByRole('img').map((glyph) => glyph.getAttribute('aria-label'))).toEqual([
      'Пропущенный',
      'Входящий, разговор состоялся',
      'Пропущенный, перезвонили',
      'Исходящий, разговор состоялся',
    ])
  })

  test('at most six', () => {
    const calls = Array.from({ length: 9 }, (_, i) => call({ id: `c${i}`, number: outside(`+7 (921) 555-01-1${i}`), offeredAt: Date.now() + i }))
    expect(recentOptions(calls).map((option) => option.number)).toEqual([8, 7, 6, 5, 4, 3].map((i) => `+7921555011${i}`))
  })

  test('hidden numbers and colleagues cannot be redialled', () => {
    const hidden = call({ id: 'a', number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null } })
    const colleague = call({ id: 'b', direction: 'internal', number: { kind: 'extension', pretty: '207', e164: null, dial: null, extension: null } })
    expect(recentOptions([hidden, colleague])).toEqual([])
  })

  test('an unknown caller is the number, once', () => {
    const [option] = recentOptions([call({ number: outside('+7 (812) 555-01-77') })])
    expect([option?.name, option?.note]).toEqual(['+7 (812) 555-01-77', ''])
  })

  test('↑ and ↓ go round through rows and field; Enter redials', async () => {
    const backend = await show('dial-empty')
    expect(chosen()).toBe(-1)
    await press('Enter')
    expect(backend.dial).not.toHaveBeenCalled()
    await press('ArrowUp')
    expect(chosen()).toBe(3)
    await press('ArrowDown')
    expect(chosen()).toBe(-1)
    await press('ArrowDown')
    await press('Enter')
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+78435550162', null, null)
  })

  test('a click redials', async () => {
    const backend = await show('dial-empty')
    await fireEvent.click(screen.getAllByRole('option')[1] as HTMLElement)
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79215550134', null, null)
  })

  test('they follow the calls while the window is open, and only then', async () => {
    const backend = await show('dial-empty')
    const listener = backend.onDeskChanged.mock.lastCall?.[0]
    backend.desk.mockResolvedValueOnce(deskOf({ revision: 5, calls: [call({ number: outside('+7 (812) 555-01-77') })] }))
    listener?.(5)
    await vi.advanceTimersByTimeAsync(0)
    expect(options().join()).toContain('+7 (812) 555-01-77')
    const unlisten = vi.fn()
    backend.onDeskChanged.mockResolvedValueOnce(unlisten)
    const opened = backend.onDialOpened.mock.lastCall?.[0]
    opened?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(unlisten).not.toHaveBeenCalled()
    await press('Escape')
    expect(unlisten).toHaveBeenCalledOnce()
  })
})

describe('placing a call', () => {
  const refusals: [CommandError, string][] = [
    [{ trouble: 'refused', about: 'inCall' }, 'Звонок уже идёт'],
    [{ trouble: 'badSetting', about: 'number' }, 'Этот номер набрать нельзя'],
    [{ trouble: 'phoneOffline', about: null }, 'Софтфон не подключён к АТС'],
    [{ trouble: 'unreachable', about: null }, 'Нет связи с АТС'],
    [{ trouble: 'forbidden', about: null }, 'АТС не разрешает Ringside звонить'],
    [{ trouble: 'badCredentials', about: null }, 'АТС не приняла пользователя ARI или его пароль'],
  ]

  test.each(refusals)('%o is worded, and the window stays', async (error, words) => {
    const backend = await show('dial-paste', { dial: async () => ({ status: 'error', error }) })
    await press('Enter')
    expect(screen.getByRole('alert').textContent).toContain(words)
    expect(backend.hideDial).not.toHaveBeenCalled()
    expect(field().value).toBe('тел. 8 921 555-01-34 (доб. 118)')
  })

  test('what is doubtful is asked with the focus on the way out: Enter twice dials nobody', async () => {
    const backend = await show('dial-question')
    expect(screen.getByRole('alertdialog').textContent).toContain('Ямайка')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Отмена' }))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+18765550134', null, null)
    await fireEvent.click(screen.getByRole('button', { name: 'Отмена' }))
    expect(document.activeElement).toBe(field())
    expect(screen.queryByRole('alertdialog')).toBeNull()
    await press('Enter')
    await fireEvent.click(screen.getByRole('button', { name: 'Всё равно позвонить' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.dial).toHaveBeenLastCalledWith('+18765550134', null, 'foreign')
    expect(backend.hideDial).toHaveBeenCalledOnce()
  })

  test('Esc closes the question and leaves the window', async () => {
    const backend = await show('dial-question')
    await fireEvent.keyDown(screen.getByRole('button', { name: 'Отмена' }), { code: 'Escape' })
    expect(screen.queryByRole('alertdialog')).toBeNull()
    expect(backend.hideDial).not.toHaveBeenCalled()
  })

  test('another text has nothing to do with the question', async () => {
    await show('dial-question')
    await type('8 921')
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  test('what the tray could not dial at once is asked here', async () => {
    const backend = await show('dial-empty')
    const caution = { doubt: 'oneRing', never: false, number: '+7 (921) 555-01-34', country: 'RU' } as const
    backend.dialReady.mockResolvedValueOnce({ text: '+79215550134', trouble: null, caution, from: 'agent' })
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(500)
    expect(screen.getByRole('alertdialog').textContent).toContain('+7 (921) 555-01-34')
  })

  test('what the office never calls is said', async () => {
    await show('dial-never')
    expect(screen.getByRole('alert').textContent).toContain('На такие номера звонить нельзя')
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  test('a refusal goes away with the next key', async () => {
    await show('dial-error')
    await type('8')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('while it is on its way nothing is dialled twice', async () => {
    const answer = deferred<Result<DialAnswer>>()
    const backend = await show('dial-paste', { dial: () => answer.promise })
    await press('Enter')
    await press('Enter')
    await fireEvent.click(screen.getAllByRole('option')[0] as HTMLElement)
    expect(backend.dial).toHaveBeenCalledOnce()
    expect(screen.getByRole('button', { name: 'Позвонить' }).getAttribute('aria-busy')).toBe('true')
    expect(backend.hideDial).not.toHaveBeenCalled()
    answer.resolve({ status: 'ok', data: { type: 'placed', call: 'call-9' } })
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.hideDial).toHaveBeenCalledOnce()
  })

  test('a command that is lost does not leave the window waiting', async () => {
    await show('dial-paste', { dial: () => Promise.reject(new Error('lost')) })
    await press('Enter')
    expect(screen.getByRole('alert').textContent).not.toBe('')
    expect(screen.getByRole('button', { name: 'Позвонить' }).getAttribute('aria-busy')).toBeNull()
  })

  test('an answer that comes after the window was closed changes nothing in the next one', async () => {
    const answer = deferred<Result<DialAnswer>>()
    const backend = await show('dial-paste', { dial: () => answer.promise })
    await press('Enter')
    await press('Escape')
    backend.onDialOpened.mock.lastCall?.[0]()
    answer.resolve({ status: 'error', error: { trouble: 'phoneOffline', about: null } })
    await vi.advanceTimersByTimeAsync(0)
    expect(screen.queryByRole('alert')).toBeNull()
    expect(backend.hideDial).toHaveBeenCalledOnce()
  })
})

describe('the window', () => {
  test('opened anew it is empty, has the focus, and takes the looks of the settings', async () => {
    let language = 'ru'
    const backend = await show('dial-paste', { appearance: async () => ({ transparent: false, language, theme: 'dark' }) })
    field().blur()
    language = 'en'
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(0)
    expect(field().value).toBe('')
    expect(text()).not.toContain('118')
    expect(document.activeElement).toBe(field())
    expect(text()).toContain('Recent')
    expect(document.documentElement.dataset.theme).toBe('dark')
  })

  test('the first time it asks for the number that was refused elsewhere, and why', async () => {
    const backend = await show('dial-empty', { dialReady: async () => REFUSED })
    expect(field().value).toBe('+79215550134')
    expect(screen.getByRole('alert').textContent).toBe('Софтфон не подключён к АТС. Запустите его и наберите ещё раз')
    expect(backend.readNumber).toHaveBeenCalledExactlyOnceWith('+79215550134')
    const [listened, asked] = [backend.onDialOpened, backend.dialReady].map((command) => command.mock.invocationCallOrder[0] ?? 0)
    expect(asked).toBeGreaterThan(listened ?? 0)
  })

  test('what was typed before that answer stays', async () => {
    const start = deferred<DialStart>()
    await show('dial-empty', { dialReady: () => start.promise })
    await type('кож')
    start.resolve(REFUSED)
    await vi.advanceTimersByTimeAsync(0)
    expect(field().value).toBe('кож')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('later it is told, and the next opening keeps nothing of it', async () => {
    const backend = await show('dial-empty')
    backend.dialReady.mockResolvedValueOnce(REFUSED)
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(500)
    expect(field().value).toBe('+79215550134')
    expect(screen.getByRole('alert').textContent).toContain('Софтфон не подключён к АТС')
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(0)
    expect(field().value).toBe('')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('an answer that comes after the window was closed is not kept for the next opening', async () => {
    const backend = await show('dial-empty')
    const [late, next] = [deferred<DialStart>(), deferred<DialStart>()]
    backend.dialReady.mockReturnValueOnce(late.promise).mockReturnValueOnce(next.promise)
    backend.onDialOpened.mock.lastCall?.[0]()
    await press('Escape')
    late.resolve(REFUSED)
    await vi.advanceTimersByTimeAsync(0)
    expect(field().value).toBe('')
    backend.onDialOpened.mock.lastCall?.[0]()
    next.resolve(EMPTY)
    await vi.advanceTimersByTimeAsync(0)
    expect(field().value).toBe('')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('Esc closes at once, whatever is typed', async () => {
    const backend = await show('dial-paste')
    await press('Escape')
    expect(backend.hideDial).toHaveBeenCalledOnce()
    expect(field().value).toBe('')
  })

  test('the cross empties the field and gives the focus back', async () => {
    const backend = await show('dial-paste')
    await fireEvent.click(screen.getByRole('button', { name: 'Очистить' }))
    expect(field().value).toBe('')
    expect(document.activeElement).toBe(field())
    expect(screen.queryByRole('button', { name: 'Очистить' })).toBeNull()
    expect(backend.hideDial).not.toHaveBeenCalled()
  })

  test('is a dialog with a combobox that owns the list', async () => {
    await show('dial-empty')
    expect(screen.getByRole('dialog').getAttribute('aria-label')).toBe('Набрать номер')
    expect(field().getAttribute('aria-controls')).toBe(screen.getByRole('listbox').id)
    expect(field().getAttribute('aria-expanded')).toBe('true')
  })

  test('its height is reported after layout, and only when it changes', async () => {
    const box = vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({ height: 383.2 } as DOMRect)
    const backend = await show('dial-empty')
    expect(backend.dialSize).toHaveBeenCalledExactlyOnceWith(384)
    box.mockReturnValue({ height: 410 } as DOMRect)
    await type('рщлл')
    expect(backend.dialSize).toHaveBeenLastCalledWith(410)
    expect(backend.dialSize).toHaveBeenCalledTimes(2)
    box.mockRestore()
  })
})
