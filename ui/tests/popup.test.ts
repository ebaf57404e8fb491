import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CallView } from '$lib/backend'
import { shown } from '$lib/backend/fake/scene'
import { desk } from '$lib/desk.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import commonMessages from '../messages/ru/common.json'
import popupMessages from '../messages/ru/popup.json'
import Popup from '../src/popup/Popup.svelte'
import { scene, stage, type Spied } from './stage'

/** Every Russian text of the popup and of the shared words that takes no parameters. */
const RUSSIAN = Object.values({ ...popupMessages, ...commonMessages }).filter(
  (message): message is string => typeof message === 'string' && !message.includes('{') && message.length > 4,
)

const START = new Date(2026, 10, 22, 14, 32, 0)

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})

afterEach(() => {
  vi.useRealTimers()
})

async function show(name: string) {
  const backend = await stage(name)
  render(Popup)
  await tick()
  return backend
}

/** The text on the screen, spaces made plain. */
function text(): string {
  return (document.body.textContent ?? '').replaceAll(/\s+/g, ' ')
}

describe('each state says what is happening, who it is and what one can do', () => {
  const states: [string, string[], string[]][] = [
    [
      'popup-ringing-known',
      ['Входящий звонок', '0:07', 'Поддержка', 'Екатерина Воскресенская-Добролюбова', '+7 (921) 555-01-34', 'Номер записан в профиле', 'Компания', 'ООО «Северные технологии»', 'Тариф', 'Не приходят закрывающие документы за октябрь', 'В ожидании', '12 ноября', 'и профиль откроется сам'],
      ['Профиль'],
    ],
    ['popup-ringing-group', ['Екатерина Воскресенская-Добролюбова', 'Звонит также у коллег: 102, 103'], ['Профиль']],
    ['popup-ringing-looking-up', ['Входящий звонок', '+7 (921) 555-01-34', 'Ищем в Омнидеске'], ['Скопировать']],
    ['popup-ringing-unknown', ['+7 (812) 555-01-77', 'В Омнидеске этот номер ни у кого не записан', 'Имя от АТС', 'SEVER OPT'], ['Скопировать']],
    ['popup-ringing-several', ['+7 (495) 555-01-20', 'Номер записан у 3 человек', 'Павел Кожевников', 'Гульнара Ахметзянова', 'Дмитрий Ли', 'Запомнить выбор для этого номера'], []],
    ['popup-ringing-withheld', ['Номер скрыт', 'АТС не передала номер звонящего', 'Новый пользователь не создаётся'], []],
    ['popup-ringing-colleague', ['207', 'Внутренний номер', 'Игорь Самсонов'], []],
    ['popup-ringing-unavailable', ['Омнидеск не отвечает', '+7 (812) 555-01-77', 'уйдёт в Омнидеск, когда связь вернётся'], ['Скопировать']],
    ['popup-offline', ['Омнидеск не отвечает', 'данные на 14:05', 'Екатерина Воскресенская-Добролюбова', 'уйдёт в Омнидеск, когда связь вернётся'], []],
    ['popup-answered-known', ['Звонок в процессе', '02:14', 'Профиль открыт в окне Ringside'], ['Создать новое обращение по звонку', 'Привязать звонок', 'Открыть профиль']],
    ['popup-answered-linked', ['Звонок в процессе'], ['Вернуться к обращению']],
    ['popup-answered-unknown', ['Звонок в процессе', '00:21', 'обращение появится само'], ['Найти пользователя из базы для связки', 'Создать новое обращение по звонку']],
    ['popup-answered-several', ['Номер записан у 2 человек'], ['Создать новое обращение по звонку']],
    ['popup-ended-asked', ['Кто звонил? Пока записано на: Тимур Галиев', 'Ольга Лаптева', 'Обращение 482-113907 создано'], ['Открыть обращение']],
    ['popup-missed', ['Пропущенный звонок', '14:31 · ожидание 23 с', 'Пропущенный подряд, добавлен к прежним', '482-113902', 'Открытое'], ['Перезвонить', 'Открыть обращение']],
    ['popup-ended', ['Звонок завершён', '04:12', 'Обращение 482-113907 создано', 'Статус «в ожидании», потому что вы ответили на звонок', 'Запись разговора: ждём от АТС'], ['Открыть обращение', 'ГотовоEnter', 'Отменить']],
    ['popup-ended-undone', ['Звонок завершён', 'Статус возвращён: «открытое»'], ['Открыть обращение', 'ГотовоEnter']],
    ['popup-ended-overruled', ['Коллега уже решил иначе: его статус остаётся', 'Обращение по пропущенному звонку 482-113902 снова открыто', 'Обращение по пропущенному звонку осталось таким, как решил коллега'], ['Открыть обращение']],
    ['popup-ended-closed-missed', ['Обращение по пропущенному звонку 482-113902 закрыто', 'Запись прикреплена к обращению'], ['Отменить']],
    ['popup-ended-case-gone', ['Обращение удалено в Омнидеске', 'Обращение 482-113907 создано'], ['Открыть обращение']],
    ['popup-ended-transferred', ['Переведён на 102', 'потому что вы перевели звонок'], ['Отменить']],
    ['popup-not-placed', ['Не удалось соединить', 'Софтфон не подключён к АТС'], ['Открыть обращение']],
    ['popup-ended-withheld', ['Звонок завершён', 'Обращения нет: не выбрано, кто звонил'], ['Найти пользователя из базы для связки']],
    ['popup-dialing', ['Исходящий звонок', '0:12', 'Вы сняли трубку в софтфоне', 'Вызываем абонента', 'Звонок из обращения 482-113861'], ['Вернуться к обращению', 'Отменить звонок']],
    ['popup-dialing-agent', ['Исходящий звонок', '0:04', 'Снимите трубку в софтфоне', '4 с', 'Звонок из обращения'], ['Вернуться к обращению', 'Отменить звонок']],
    ['popup-dialing-softphone', ['Исходящий звонок', 'Вызываем абонента', '12 с'], []],
    ['popup-held', ['На удержании', 'Екатерина Воскресенская-Добролюбова', 'Звонок в процессе', 'Павел Кожевников'], ['Создать новое обращение по звонку']],
    ['popup-transferred', ['Звонок в процессе', 'Переведён от 102'], ['Создать новое обращение по звонку']],
    ['popup-two-calls', ['Второй звонок', '02:14', 'Екатерина Воскресенская-Добролюбова', 'Павел Кожевников', 'Суть текущего разговора сохранена на этом компьютере'], []],
  ]

  test.each(states)('%s', async (name, texts, buttons) => {
    await show(name)
    for (const expected of texts) expect(text()).toContain(expected)
    const named = screen.queryAllByRole('button').map((button) => button.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '')
    for (const button of buttons) expect(named).toContain(button)
    if (buttons.length === 0) expect(named.filter((label) => /Создать|Открыть|Привязать|Найти|Отменить|Перезвонить|Дописать/.test(label))).toEqual([])
  })

  test.each(states.map(([name]) => name))('%s in English says nothing in Russian', async (name) => {
    setLanguage('en')
    await show(name)
    for (const phrase of RUSSIAN) expect(text()).not.toContain(phrase)
  })
})

test('an empty list shows no card', async () => {
  const base = scene('popup-ringing-known')
  await stage({ ...base, view: { ...base.view, popup: [] } })
  render(Popup)
  await tick()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('the dialog is named by state and person, and the live region tells one sentence without a timer', async () => {
  await show('popup-ringing-known')
  const dialog = screen.getByRole('dialog')
  expect(dialog.getAttribute('aria-label')).toBe('Входящий звонок, Екатерина Воскресенская-Добролюбова')
  expect(dialog.getAttribute('aria-modal')).toBe('false')
  const said = document.querySelector('[aria-live="polite"]')
  expect(said?.textContent).toBe('Входящий звонок, Екатерина Воскресенская-Добролюбова, ООО «Северные технологии»')
  expect(screen.getByRole('timer').getAttribute('aria-live')).toBe('off')
})

test('a state change is told, a tick of the timer is not', async () => {
  const backend = await show('popup-ringing-known')
  const said = document.querySelector('[aria-live="polite"]')
  const before = said?.textContent
  await vi.advanceTimersByTimeAsync(3000)
  expect(text()).toContain('0:10')
  expect(said?.textContent).toBe(before)
  const view = await backend.desk(desk.shows)
  desk.apply({ ...view, revision: view.revision + 1, calls: view.calls.map((call) => ({ ...call, phase: 'talking', answeredAt: Date.now() })) })
  await tick()
  expect(said?.textContent).toBe('Звонок в процессе, Екатерина Воскресенская-Добролюбова')
})

test('s02 the fields are those the administrator chose, empty ones left out', async () => {
  const base = scene('popup-ringing-known')
  const view = { ...base.view, fields: [shown('cf_26', 'Номер договора'), shown('cf_99', 'Пусто')] }
  await stage({ ...base, view })
  render(Popup)
  await tick()
  expect(screen.queryAllByRole('term').map((term) => term.textContent)).toEqual(['Номер договора'])
})

test('s02 headings stand over their fields, and what is for other lines is not there', async () => {
  await show('popup-ringing-arranged')
  const data = screen.getByRole('group', { name: 'Данные' })
  expect([...data.querySelectorAll('h3, dt')].map((part) => part.textContent)).toEqual([
    'Email-адрес', 'Компания', 'Договор', 'Тариф', 'Номер договора', 'Договор до', 'Доставка', 'Регион доставки',
  ])
  expect(data.querySelector('[data-color=green]')?.textContent).toBe('Корпоративный, до 250 мест')
  expect(screen.getAllByRole('definition').at(-1)?.textContent?.trim()).toBe('—')
})

test('the buttons open the workspace at the right page', async () => {
  const backend = await show('popup-answered-known')
  await fireEvent.click(screen.getByRole('button', { name: 'Создать новое обращение по звонку' }))
  expect(backend.openRoute).toHaveBeenLastCalledWith({ page: 'compose', call: 'call-1' })
  await fireEvent.click(screen.getByRole('button', { name: 'Открыть профиль' }))
  expect(backend.openRoute).toHaveBeenLastCalledWith({ page: 'profile', user: '501', call: 'call-1' })
  await fireEvent.click(screen.getByRole('button', { name: 'Привязать звонок' }))
  expect(backend.openRoute).toHaveBeenLastCalledWith({ page: 'attach', user: '501', call: 'call-1' })
})

test('s11 an unknown caller who was answered can be searched for or get a case', async () => {
  const backend = await show('popup-answered-unknown')
  await fireEvent.click(screen.getByRole('button', { name: 'Найти пользователя из базы для связки' }))
  expect(backend.openRoute).toHaveBeenLastCalledWith({ page: 'search', call: 'call-1' })
})

test('a click on a person chooses, with the tick for remembering', async () => {
  const backend = await show('popup-ringing-several')
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Запомнить выбор для этого номера' }))
  await fireEvent.click(screen.getAllByRole('radio')[1] as HTMLElement)
  expect(backend.chooseUser).toHaveBeenCalledExactlyOnceWith('call-1', '512', false)
  await vi.advanceTimersByTimeAsync(0)
  expect(text()).toContain('Этот человек выбран вами')
})

test('a refused choice is said and can be made again', async () => {
  const base = scene('popup-ringing-several')
  await stage({ ...base, overrides: { chooseUser: async () => ({ status: 'error', error: { trouble: 'timeout', about: null } }) } })
  render(Popup)
  await tick()
  await fireEvent.click(screen.getAllByRole('radio')[0] as HTMLElement)
  await vi.advanceTimersByTimeAsync(0)
  expect(screen.getByRole('alert').textContent).toBe('Не получилось: Ответ не пришёл вовремя')
  expect(screen.getAllByRole('radio')[0]?.getAttribute('aria-checked')).toBe('false')
})

test('the folded conversation unfolds', async () => {
  await show('popup-two-calls')
  await fireEvent.click(screen.getByRole('button', { name: 'Развернуть: Екатерина Воскресенская-Добролюбова' }))
  expect(screen.getByRole('heading').textContent).toBe('Екатерина Воскресенская-Добролюбова')
})

describe('s18 a call that Ringside dials', () => {
  const change = async (backend: Spied, part: Partial<CallView>) => {
    const view = await backend.desk(desk.shows)
    // A view carries the engine's time of its own moment.
    const calls = desk.view.calls.map((call) => ({ ...call, ...part }))
    desk.apply({ ...view, now: Date.now(), revision: desk.view.revision + 1, calls })
    await tick()
  }

  test('the softphone rings first, then the client, each step with its own time', async () => {
    const backend = await show('popup-dialing-agent')
    expect(text()).not.toContain('Вы сняли трубку')
    expect(text()).not.toContain('Вызываем абонента 4 с')
    await vi.advanceTimersByTimeAsync(6000)
    await change(backend, { phase: 'dialing' })
    await vi.advanceTimersByTimeAsync(8000)
    expect(text()).toContain('Вы сняли трубку в софтфоне')
    expect(text()).not.toContain('Снимите трубку в софтфоне')
    expect(screen.getAllByRole('listitem').map((step) => step.textContent?.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'Вы сняли трубку в софтфоне',
      'Вызываем абонента 8 с',
    ])
    expect(screen.getByRole('timer').textContent).toBe('0:18')
  })

  test('a call from the softphone itself has one step and nothing to cancel', async () => {
    await show('popup-dialing-softphone')
    expect(text()).not.toContain('Вы сняли трубку')
    expect(screen.queryByRole('button', { name: 'Отменить звонок' })).toBeNull()
  })

  test('s20 the way back leads to the case it was called from', async () => {
    const backend = await show('popup-dialing-agent')
    await fireEvent.click(screen.getByRole('button', { name: 'Вернуться к обращению' }))
    expect(backend.openRoute).toHaveBeenCalledExactlyOnceWith({ page: 'case', case: '482113512', call: 'call-1' })
  })

  test('s20 also while they talk and the call has no case of its own yet', async () => {
    const backend = await show('popup-dialing-agent')
    await change(backend, { phase: 'talking', answeredAt: Date.now() })
    await fireEvent.click(screen.getByRole('button', { name: 'Вернуться к обращению' }))
    expect(backend.openRoute).toHaveBeenCalledExactlyOnceWith({ page: 'case', case: '482113512', call: 'call-1' })
  })

  test('it can be cancelled', async () => {
    const backend = await show('popup-dialing')
    await fireEvent.click(screen.getByRole('button', { name: 'Отменить звонок' }))
    expect(backend.hangUp).toHaveBeenCalledExactlyOnceWith('call-1')
    await vi.advanceTimersByTimeAsync(0)
    expect(text()).toContain('Не ответил')
  })

  test.each([
    ['refused', async () => ({ status: 'error', error: { trouble: 'gone', about: null } }) as const],
    ['lost', async () => Promise.reject(new Error('no answer'))],
  ])('a cancel that was %s says what to do instead', async (_, hangUp) => {
    await stage({ ...scene('popup-dialing'), overrides: { hangUp } })
    render(Popup)
    await tick()
    await fireEvent.click(screen.getByRole('button', { name: 'Отменить звонок' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(screen.getByRole('alert').textContent).toBe('Отменить звонок не удалось. Положите трубку в софтфоне')
  })

  test('why the PBX did not place it is said once, in words', async () => {
    await show('popup-not-placed')
    expect(screen.getAllByRole('listitem').map((step) => step.textContent?.trim())).toEqual([
      'Софтфон не подключён к АТС. Запустите его и наберите ещё раз',
    ])
    expect(text()).not.toContain('ожидание')
    expect(document.querySelector('[aria-live="polite"]')?.textContent).toContain('Софтфон не подключён к АТС')
  })
})

describe('what was decided can be undone', () => {
  test('s30 «Отменить» undoes, and a line says so', async () => {
    const backend = await show('popup-ended')
    await fireEvent.click(screen.getByRole('button', { name: 'Отменить' }))
    expect(backend.undoOutcome).toHaveBeenCalledExactlyOnceWith('call-1')
    await vi.advanceTimersByTimeAsync(0)
    expect(text()).toContain('Статус возвращён: «открытое»')
    expect(screen.queryByRole('button', { name: 'Отменить' })).toBeNull()
  })

  test('a refusal is said, and it can be tried again', async () => {
    await stage({ ...scene('popup-ended'), overrides: { undoOutcome: async () => ({ status: 'error', error: { trouble: 'timeout', about: null } }) } })
    render(Popup)
    await tick()
    await fireEvent.click(screen.getByRole('button', { name: 'Отменить' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(screen.getByRole('alert').textContent).toBe('Отменить не удалось: Ответ не пришёл вовремя')
    expect(screen.getByRole('button', { name: 'Отменить' })).toBeDefined()
  })

  test('nothing is offered where nothing can be undone', async () => {
    const base = scene('popup-ended')
    const calls = base.view.calls.map((call) => ({ ...call, outcome: call.outcome === null ? null : { ...call.outcome, undo: null } }))
    await stage({ ...base, view: { ...base.view, calls } })
    render(Popup)
    await tick()
    expect(text()).toContain('Статус «в ожидании»')
    expect(screen.queryByRole('button', { name: 'Отменить' })).toBeNull()
  })

  test('s33a the missed-call case that was closed is one click away', async () => {
    const backend = await show('popup-ended-closed-missed')
    await fireEvent.click(screen.getByRole('link', { name: '482-113902' }))
    expect(backend.openRoute).toHaveBeenCalledExactlyOnceWith({ page: 'case', case: '482113902', call: 'call-1' })
  })
})

describe('after the call', () => {
  const withCase = async (filed: CallView['case']) => {
    const base = scene('popup-ended')
    const backend = await stage({ ...base, view: { ...base.view, calls: base.view.calls.map((call) => ({ ...call, case: filed })) } })
    render(Popup)
    await tick()
    return backend
  }

  test('without any case the profile is offered', async () => {
    await withCase({ type: 'none' })
    expect(screen.queryByRole('textbox', { name: 'Суть звонка' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Открыть профиль' })).toBeDefined()
  })

  test('a missed caller is called back', async () => {
    const backend = await show('popup-missed')
    await fireEvent.click(screen.getByRole('button', { name: 'Перезвонить' }))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+78435550162', null, null)
  })

  test('what is doubtful is asked in the popup, with the focus on the way out, and dialled when agreed to', async () => {
    const backend = await show('popup-missed-question')
    const callBack = screen.getByRole('button', { name: 'Перезвонить' })
    await fireEvent.click(callBack)
    await vi.waitFor(() => expect(screen.getByRole('alertdialog').textContent).toContain('+7 (843) 555-01-62'))
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Отмена' }))
    expect(callBack).toHaveProperty('disabled', true)
    await fireEvent.click(screen.getByRole('button', { name: 'Отмена' }))
    expect(screen.queryByRole('alertdialog')).toBeNull()
    await fireEvent.click(callBack)
    await fireEvent.click(await vi.waitFor(() => screen.getByRole('button', { name: 'Всё равно позвонить' })))
    await vi.waitFor(() => expect(backend.dial).toHaveBeenLastCalledWith('+78435550162', null, 'oneRing'))
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  test('why calling back did not begin is said', async () => {
    await stage({ ...scene('popup-missed'), overrides: { dial: async () => ({ status: 'error', error: { trouble: 'phoneOffline', about: null } }) } })
    render(Popup)
    await tick()
    await fireEvent.click(screen.getByRole('button', { name: 'Перезвонить' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(screen.getByRole('alert').textContent).toContain('Софтфон не подключён к АТС')
  })

  test('a hidden number cannot be called back', async () => {
    const base = scene('popup-missed')
    const calls = base.view.calls.map((call) => ({ ...call, number: { kind: 'withheld' as const, pretty: '', e164: null, dial: null, extension: null } }))
    await stage({ ...base, view: { ...base.view, calls } })
    render(Popup)
    await tick()
    expect(screen.queryByRole('button', { name: 'Перезвонить' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Открыть обращение' })).toBeDefined()
  })
})

test('a transfer to somebody the PBX did not name is still a transfer', async () => {
  const base = scene('popup-ended-transferred')
  await stage({ ...base, view: { ...base.view, calls: base.view.calls.map((call) => ({ ...call, transferredTo: '' })) } })
  render(Popup)
  await tick()
  expect(document.querySelector('.why')?.textContent?.trim()).toBe('Переведён')
})

test('two calls: the second rings with its own person below the folded conversation', async () => {
  await show('popup-two-calls')
  const [folded, ringing] = [...document.querySelectorAll('section')]
  expect(folded?.getAttribute('data-call')).toBe('talking')
  expect(folded?.getAttribute('aria-label')).toBe('Звонок в процессе, Екатерина Воскресенская-Добролюбова')
  expect(ringing?.getAttribute('aria-label')).toBe('Второй звонок, Павел Кожевников')
  expect(ringing?.querySelector('h1')?.textContent).toBe('Павел Кожевников')
})

test('s02 the made-up call says what it is and does nothing', async () => {
  const base = scene('popup-ringing-known')
  const calls = base.view.calls.map((call) => ({ ...call, id: 'sample', line: null }))
  const backend = await stage({ ...base, view: { ...base.view, calls, popup: ['sample'] } })
  render(Popup)
  await tick()
  expect(document.querySelector('header')?.textContent).toContain('Пробный звонок')
  const profile = screen.getByRole('button', { name: 'Профиль' })
  expect(profile).toHaveProperty('disabled', true)
  await fireEvent.click(profile)
  expect(backend.openRoute).not.toHaveBeenCalled()
})

describe('house rule 6: stray keys', () => {
  const press = (target: Element, code: string) => {
    const down = new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true })
    target.dispatchEvent(down)
    return down.defaultPrevented
  }

  test.each(['Enter', 'Space', 'Escape', 'Digit1'])('%s does nothing in the first second, even with the focus', async (code) => {
    const backend = await show('popup-ringing-several')
    const radio = screen.getAllByRole('radio')[0] as HTMLElement
    window.dispatchEvent(new Event('focus'))
    radio.focus()
    await vi.advanceTimersByTimeAsync(999)
    expect(press(radio, code)).toBe(true)
    expect(backend.chooseUser).not.toHaveBeenCalled()
    expect(backend.hidePopup).not.toHaveBeenCalled()
  })

  test.each(['Enter', 'Space', 'Escape', 'Digit1'])('%s does nothing later either while nobody focused the popup', async (code) => {
    const backend = await show('popup-ringing-several')
    await vi.advanceTimersByTimeAsync(5000)
    expect(press(screen.getAllByRole('radio')[0] as HTMLElement, code)).toBe(true)
    expect(backend.chooseUser).not.toHaveBeenCalled()
    expect(backend.hidePopup).not.toHaveBeenCalled()
  })

  test.each(['Enter', 'Space'])('%s cannot cancel a call in the first second', async (code) => {
    const backend = await show('popup-dialing')
    const button = screen.getByRole('button', { name: 'Отменить звонок' })
    window.dispatchEvent(new Event('focus'))
    button.focus()
    await vi.advanceTimersByTimeAsync(999)
    expect(press(button, code)).toBe(true)
    expect(backend.hangUp).not.toHaveBeenCalled()
  })

  test('after a second and a deliberate focus, digits choose by physical key and Esc hides', async () => {
    const backend = await show('popup-ringing-several')
    await vi.advanceTimersByTimeAsync(1000)
    window.dispatchEvent(new Event('focus'))
    press(document.body, 'Digit2')
    expect(backend.chooseUser).toHaveBeenCalledExactlyOnceWith('call-1', '512', true)
    press(document.body, 'Escape')
    expect(backend.hidePopup).toHaveBeenCalledOnce()
  })

  test('turned to by a key or the tray in the first second, it heeds keys when that is over', async () => {
    let turnTo = () => {}
    const onPopupTurnedTo = async (listener: () => void) => {
      turnTo = listener
      return () => {}
    }
    const backend = await stage({ ...scene('popup-ringing-known'), overrides: { onPopupTurnedTo } })
    render(Popup)
    await tick()
    await vi.advanceTimersByTimeAsync(300)
    turnTo()
    window.dispatchEvent(new Event('focus'))
    press(document.body, 'Escape')
    expect(backend.hidePopup).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    press(document.body, 'Escape')
    expect(backend.hidePopup).toHaveBeenCalledOnce()
  })

  test('a second call starts the guard again', async () => {
    const backend = await show('popup-ringing-known')
    await vi.advanceTimersByTimeAsync(1500)
    window.dispatchEvent(new Event('focus'))
    const two = scene('popup-two-calls').view
    desk.apply({ ...two, revision: 9 })
    await tick()
    press(document.body, 'Escape')
    expect(backend.hidePopup).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    press(document.body, 'Escape')
    expect(backend.hidePopup).toHaveBeenCalledOnce()
  })
})

test('the second frame is reported once for each call, with the revision that was drawn', async () => {
  const backend = await show('popup-ringing-known')
  expect(backend.popupPainted).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(100)
  expect(backend.popupPainted).toHaveBeenCalledExactlyOnceWith('call-1', 1)
  const view = await backend.desk(desk.shows)
  desk.apply({ ...view, revision: 2, calls: view.calls.map((call) => ({ ...call, line: 'Продажи' })) })
  await vi.advanceTimersByTimeAsync(100)
  expect(backend.popupPainted).toHaveBeenCalledOnce()
})

test('the height is reported after layout, and only when it changes', async () => {
  const box = vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({ height: 383.2 } as DOMRect)
  const backend = await show('popup-ringing-known')
  expect(backend.popupSize).toHaveBeenCalledExactlyOnceWith(384, false)
  const view = await backend.desk(desk.shows)
  desk.apply({ ...view, revision: 2 })
  await tick()
  expect(backend.popupSize).toHaveBeenCalledOnce()
  box.mockReturnValue({ height: 410 } as DOMRect)
  desk.apply({ ...view, revision: 3 })
  await tick()
  expect(backend.popupSize).toHaveBeenLastCalledWith(410, false)
  box.mockRestore()
})
