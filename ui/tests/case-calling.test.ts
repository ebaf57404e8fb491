import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { describe, expect, test, vi } from 'vitest'
import type { CallView } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import { outcome } from '$lib/backend/fake/scene'
import Case from '../src/pages/Case.svelte'
import { scene, stage } from './stage'

async function open(name: string) {
  const from = scene(name)
  const backend = await stage(from)
  if (from.route?.page !== 'case') throw new Error('not a case')
  render(Case, { case: from.route.case, call: from.route.call })
  await vi.waitFor(() => expect(screen.queryByText(/^(Загружаем|Читаем обращение в Омнидеске)$/)).toBeNull())
  return backend
}

/** What the back end tells next about the first call. */
async function then(part: Partial<CallView>, outbox = desk.view.outbox) {
  const { revision, calls } = desk.view
  desk.apply({ ...desk.view, revision: revision + 1, outbox, calls: calls.map((call, i) => (i === 0 ? { ...call, ...part } : call)) })
  await tick()
}

const text = () => (document.body.textContent ?? '').replaceAll(/\s+/g, ' ')

describe('calling from the case', () => {
  test('s18 the green handset dials the number of the case, for the case', async () => {
    const backend = await open('ws-case-missed-called-back')
    await fireEvent.click(screen.getByRole('button', { name: 'Позвонить на +7 (916) 555-01-15' }))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+7 (916) 555-01-15', '482113861', null)
  })

  test('s18 of several numbers one is chosen', async () => {
    const backend = await open('ws-case-done')
    await fireEvent.change(screen.getByRole('combobox', { name: 'На какой номер звонить' }), { target: { value: '+7 (812) 555-01-90' } })
    await fireEvent.click(screen.getByRole('button', { name: 'Позвонить на +7 (812) 555-01-90' }))
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+7 (812) 555-01-90', '482113907', null)
  })

  test('s18 while they talk the handset rests and says why', async () => {
    const backend = await open('ws-case-live')
    const handset = screen.getByRole('button', { name: /Позвонить на/ })
    expect(handset.getAttribute('aria-disabled')).toBe('true')
    expect(handset.dataset['tip']).toBe('Вы уже говорите с этим пользователем')
    await fireEvent.click(handset)
    expect(backend.dial).not.toHaveBeenCalled()
  })

  test('s18 a call that the PBX does not take says why, at the handset', async () => {
    const from = scene('ws-case-missed-called-back')
    await stage({ ...from, overrides: { dial: async () => ({ status: 'error', error: { trouble: 'phoneOffline', about: null } }) } })
    render(Case, { case: '482113861', call: null })
    await fireEvent.click(await screen.findByRole('button', { name: /Позвонить на/ }))
    expect((await screen.findByRole('alert')).textContent).toContain('Софтфон не подключён к АТС')
  })

  test('s19 while it dials the case says so, in two steps, and it can be stopped', async () => {
    const backend = await open('ws-case-dialing-agent')
    expect(text()).toContain('Дозвон до +7 (916) 555-01-15')
    expect(document.querySelector('[aria-current="step"]')?.textContent).toBe('Снимите трубку в софтфоне')
    await then({ phase: 'dialing' })
    expect(text()).toContain('Вы сняли трубку в софтфоне')
    expect(document.querySelector('[aria-current="step"]')?.textContent).toBe('Вызываем абонента')
    await fireEvent.click(screen.getByRole('button', { name: 'Отменить звонок' }))
    expect(backend.hangUp).toHaveBeenCalledExactlyOnceWith('back')
  })

  test('s21 when the client answers the gist can be written at once, and saving logs the call here', async () => {
    const backend = await open('ws-case-dialing')
    expect(screen.queryByRole('textbox')).toBeNull()
    await then({ phase: 'talking', answeredAt: Date.now(), recording: 'expected' })
    await fireEvent.input(screen.getByRole('textbox', { name: 'Суть звонка' }), { target: { value: 'Отгрузка в четверг' } })
    await fireEvent.click(screen.getByRole('button', { name: /Сохранить/ }))
    await vi.waitFor(() => expect(backend.attachCall).toHaveBeenCalledExactlyOnceWith('back', '482113861', 'Отгрузка в четверг'))
  })

  test('s21 after saving the message says «Звонок в процессе» with the gist', async () => {
    await open('ws-case-saved')
    expect(screen.queryByRole('textbox')).toBeNull()
    const card = [...document.querySelectorAll('article')].at(-1)?.textContent
    expect(card).toContain('Звонок в процессе')
    expect(card).toContain('Отгрузка будет в четверг.')
    expect(card).toContain('Сохранено здесь, уйдёт в Омнидеск, когда разговор закончится')
  })

  test('s22 an attempt stands in the case until its message comes', async () => {
    await open('ws-case-attempt')
    expect(text()).toContain('Попытка звонка: клиент не ответил, вызов 31 с')
  })

  test('a call that was never placed says why and leaves when another one follows', async () => {
    await open('ws-case-not-placed')
    expect(text()).toContain('АТС не начала звонок')
    expect(text()).toContain('Софтфон не подключён к АТС')
    const { calls, revision } = desk.view
    desk.apply({ ...desk.view, revision: revision + 1, calls: [{ ...calls[0]!, id: 'next', phase: 'dialing', trouble: null, outcome: null, offeredAt: Date.now() }, ...calls] })
    await tick()
    expect(text()).not.toContain('АТС не начала звонок')
  })

  test('an attempt is told once: by its message, when there is one', async () => {
    const from = scene('ws-case-attempt')
    const page = from.cases![0]!
    const note = { ...page.messages[0]!, id: 'm7', call: 'back', text: 'Исходящий звонок на +7 (916) 555-01-15, не ответили' }
    await stage({ ...from, cases: [{ ...page, messages: [...page.messages, note] }] })
    render(Case, { case: page.case.id, call: null })
    await vi.waitFor(() => expect(text()).toContain('Открытое'))
    expect(text().match(/Попытка звонка: клиент не ответил/g)).toHaveLength(1)
  })
})

describe('why', () => {
  test('s33c the status after calling back is explained, without its rule, and undone in one click', async () => {
    const backend = await open('ws-case-missed-called-back')
    expect(text()).toContain('Статус «в ожидании», потому что вы позвонили из обращения и клиент ответил')
    expect(text()).not.toContain('правило')
    await fireEvent.click(screen.getByRole('button', { name: 'Отменить' }))
    expect(backend.undoOutcome).toHaveBeenCalledExactlyOnceWith('back')
    await vi.waitFor(() => expect(text()).toContain('Статус возвращён: «открытое»'))
    expect(screen.queryByRole('button', { name: 'Отменить' })).toBeNull()
  })

  test('an undo that is refused says so and stays', async () => {
    const from = scene('ws-case-missed-called-back')
    await stage({ ...from, overrides: { undoOutcome: async () => ({ status: 'error', error: { trouble: 'forbidden', about: null } }) } })
    render(Case, { case: '482113861', call: null })
    await fireEvent.click(await screen.findByRole('button', { name: 'Отменить' }))
    expect((await screen.findByRole('alert')).textContent).toBe('Отменить не удалось: Нет прав на это действие')
    expect(screen.getByRole('button', { name: 'Отменить' })).toBeTruthy()
  })

  test('s33a the missed-call case that was closed is named and can be opened', async () => {
    await open('ws-case-closed-missed')
    expect(text()).toContain('Обращение по пропущенному звонку 482-113861 закрыто, потому что с клиентом поговорили')
    await fireEvent.click(screen.getByRole('link', { name: '482-113861' }))
    expect(router.current).toEqual({ page: 'case', case: '482113861', call: null })
  })

  test('s33a the closed case says so itself and leads to the conversation', async () => {
    await open('ws-case-closed-by')
    expect(text()).toContain('Это обращение закрыто, потому что с клиентом поговорили')
    await fireEvent.click(screen.getByRole('link', { name: '482-113907' }))
    expect(router.current).toEqual({ page: 'case', case: '482113907', call: null })
  })

  test('a case whose user nobody chose says so and moves in one click', async () => {
    const asked: string[] = []
    const from = scene('ws-case-guessed')
    await stage({ ...from, overrides: { chooseUser: async (_call: string, user: string) => (asked.push(user), { status: 'ok', data: null }) } })
    render(Case, { case: '482113907', call: null })
    await fireEvent.click(await screen.findByRole('button', { name: 'Дмитрий Ли' }))
    expect(text()).toContain('Выбор сделан автоматически из 2')
    expect(asked).toEqual([from.view.calls[0]?.caller.type === 'several' ? from.view.calls[0].caller.users[1]?.id : null])
  })

  test('a case deleted during the call: the new one says why it exists', async () => {
    await open('ws-case-moved')
    expect(text()).toContain('Обращение удалено в Омнидеске; звонок записан в новое')
  })

  test('a case deleted during the call: the old one leads to the new one', async () => {
    await open('ws-case-gone-moved')
    expect(screen.getByRole('alert').textContent).toContain('Этого обращения больше нет в Омнидеске')
    await fireEvent.click(screen.getByRole('button', { name: 'Открыть обращение 482-113907' }))
    expect(router.current).toEqual({ page: 'case', case: '482113907', call: 'call-1' })
  })

  test('a case that is gone when it is read again keeps what was read', async () => {
    const backend = await open('ws-case-live')
    backend.casePage.mockResolvedValue({ status: 'error', error: { trouble: 'gone', about: null } })
    await then({ phase: 'ended', disposition: 'answered', endedAt: Date.now(), recording: 'failed', outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated' }) })
    await vi.waitFor(() => expect(text()).toContain('Этого обращения больше нет в Омнидеске. Ниже то, что прочитано раньше.'))
    expect(text()).toContain('Банк возвращает платёж')
  })
})
