import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { expect, test, vi } from 'vitest'
import type { CallView } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { outcome } from '$lib/backend/fake/scene'
import { owed } from '$lib/backend/fake/scenes/calls'
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

test('s06 while the conversation goes on the message says so and has no recording', async () => {
  await open('ws-case-live')
  expect(text()).toContain('Звонок в процессе')
  expect(text()).toContain('Запись появится в этом сообщении, когда разговор закончится.')
  expect(screen.getByRole('timer').textContent).toBe('03:41')
  expect(screen.queryByRole('button', { name: 'Слушать' })).toBeNull()
})

test('s06 a call that Omnidesk has no message of yet is shown all the same', async () => {
  await open('ws-case-live-untold')
  expect(text()).toContain('Банк возвращает платёж')
  expect(text()).toContain('Ждёт отправки в Омнидеск')
})

test('s06 the page is read when it opens and once more when all about the call is written, and never in between', async () => {
  const backend = await open('ws-case-live')
  expect(backend.casePage).toHaveBeenCalledOnce()
  await then({ phase: 'ended', disposition: 'answered', endedAt: Date.now(), recording: 'expected' })
  await then({ recording: 'waiting' }, [owed({ id: 'o1', call: 'call-1', what: 'recording', state: 'blocked' })])
  expect(text()).toContain('Запись разговора: ждём от АТС')
  await then({ recording: 'sending', outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated' }) })
  await then({ recording: 'attached' })
  expect(backend.casePage).toHaveBeenCalledOnce()
  await then({}, [owed({ id: 'o1', call: 'call-1', what: 'recording', state: 'done' })])
  expect(backend.casePage).toHaveBeenCalledTimes(2)
  await then({})
  expect(backend.casePage).toHaveBeenCalledTimes(2)
})

test('what this desk knows itself is not asked of Omnidesk: not when a live case opens, not when its call has ended', async () => {
  const backend = await open('ws-case-live')
  await then({ phase: 'ended', disposition: 'answered', endedAt: Date.now(), recording: 'attached', outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated' }) })
  expect(backend.casePage.mock.calls).toEqual([['482113907', false], ['482113907', false]])
})

test('the agent has the page read in Omnidesk, and what was read is shown', async () => {
  const backend = await open('ws-case-live')
  const page = scene('ws-case-live').cases![0]!
  let answer: () => void = () => undefined
  const changed = { ...page, case: { ...page.case, subject: 'Тема коллеги' } }
  backend.casePage.mockImplementation(() => new Promise((resolve) => (answer = () => resolve({ status: 'ok', data: changed }))))
  const reload = screen.getByRole('button', { name: 'Обновить' })
  await fireEvent.click(reload)
  expect(backend.casePage).toHaveBeenLastCalledWith('482113907', true)
  expect(reload.getAttribute('aria-busy')).toBe('true')
  await fireEvent.click(reload)
  expect(backend.casePage).toHaveBeenCalledTimes(2)
  // The call ends before the answer comes: the wish still stands.
  await then({ phase: 'ended', disposition: 'answered', endedAt: Date.now(), recording: 'attached', outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated' }) })
  expect(backend.casePage).toHaveBeenLastCalledWith('482113907', true)
  answer()
  await vi.waitFor(() => expect(screen.getByRole('heading', { name: 'Тема коллеги' })).toBeTruthy())
  expect(reload.getAttribute('aria-busy')).toBeNull()
})

test('a page that could not be read anew stays, and trying again is the same wish', async () => {
  const backend = await open('ws-case-live')
  backend.casePage.mockResolvedValueOnce({ status: 'error', error: { trouble: 'timeout', about: null } })
  await fireEvent.click(screen.getByRole('button', { name: 'Обновить' }))
  await vi.waitFor(() => expect(text()).toContain('Обращение в Омнидеске сейчас не прочитать'))
  expect(text()).toContain('Звонок в процессе')
  await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
  expect(backend.casePage).toHaveBeenLastCalledWith('482113907', true)
  await vi.waitFor(() => expect(text()).not.toContain('сейчас не прочитать'))
})

test('s06 after the call the live wording of the message is not repeated', async () => {
  await open('ws-case-live')
  await then({ phase: 'ended', disposition: 'answered', endedAt: Date.now(), recording: 'waiting' })
  expect(text()).not.toContain('Звонок в процессе')
  expect(text()).toContain('Банк возвращает платёж')
})

test('what this desk knows stands there before Omnidesk answers, and what is typed meanwhile stays', async () => {
  const from = scene('ws-case-live')
  let answer: () => void = () => undefined
  const page = from.cases![0]!
  await stage({ ...from, overrides: { casePage: () => new Promise((resolve) => (answer = () => resolve({ status: 'ok', data: page }))) } })
  render(Case, { case: page.case.id, call: 'call-1' })
  await tick()
  expect(screen.getByRole('heading', { name: 'Не проходит оплата по счёту 1187' })).toBeTruthy()
  expect(text()).toContain('482-113907')
  expect(text()).toContain('Читаем обращение в Омнидеске')
  expect(text()).not.toContain('Открытое')
  await fireEvent.click(screen.getByRole('link', { name: 'Дописать суть звонка' }))
  const field = screen.getByRole('textbox', { name: 'Суть звонка' })
  await fireEvent.input(field, { target: { value: 'Пишу дальше' } })
  answer()
  await vi.waitFor(() => expect(text()).toContain('Открытое'))
  expect(screen.getByRole('textbox', { name: 'Суть звонка' })).toBe(field)
})

test('Omnidesk away: the call of the case is shown all the same, with the way to try again', async () => {
  const backend = await open('ws-case-new-offline')
  expect(text()).toContain('Обращение в Омнидеске сейчас не прочитать: Ответ не пришёл вовремя.')
  expect(text()).toContain('Звонок в процессе')
  await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
  expect(backend.casePage).toHaveBeenCalledTimes(2)
})

test('several messages about one call are shown as one', async () => {
  const from = scene('ws-case-done')
  const page = from.cases![0]!
  const [first] = page.messages
  const live = { ...first!, text: 'Звонок в процессе\n\nНужен счёт', attachments: [] }
  const after = { ...first!, id: 'm9', note: true, text: 'Запись разговора: Входящий звонок' }
  await stage({ ...from, cases: [{ ...page, messages: [live, after] }] })
  render(Case, { case: page.case.id, call: null })
  expect(await screen.findAllByRole('button', { name: 'Слушать' })).toHaveLength(1)
  expect(document.querySelectorAll('article')).toHaveLength(1)
  expect(text().match(/Статус «в ожидании»/g)).toHaveLength(1)
})

test('s30 the reason for the status is said', async () => {
  await open('ws-case-done')
  expect(text()).toContain('Статус «в ожидании», потому что вы ответили на звонок')
})

test.each([
  ['ws-case-recording-waiting', 'Запись разговора: ждём от АТС'],
  ['ws-case-recording-sending', 'Запись отправляется в Омнидеск'],
  ['ws-case-done', 'Запись прикреплена к обращению'],
  ['ws-case-recording-failed', 'Запись получить не удалось'],
])('%s: the state of the recording is told', async (name, expected) => {
  await open(name)
  expect(text()).toContain(expected)
})

test('s06 the recording is fetched when it is wanted and plays in place', async () => {
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
  const backend = await open('ws-case-done')
  expect(backend.recording).not.toHaveBeenCalled()
  await fireEvent.click(screen.getByRole('button', { name: 'Слушать' }))
  await vi.waitFor(() => expect(play).toHaveBeenCalledOnce())
  expect(backend.recording).toHaveBeenCalledExactlyOnceWith('482113907', 'f1', expect.any(AbortSignal))
  expect(document.querySelector('audio')?.src).toMatch(/^blob:/)
  play.mockRestore()
})

test('a recording that cannot be had says so', async () => {
  const from = scene('ws-case-done')
  await stage({ ...from, overrides: { recording: async () => ({ status: 'error', error: { trouble: 'gone', about: null } }) } })
  render(Case, { case: '482113907', call: 'call-1' })
  await fireEvent.click(await screen.findByRole('button', { name: 'Слушать' }))
  expect((await screen.findByRole('alert')).textContent).toBe('Запись не открылась: Этого больше нет в Омнидеске')
})

test.each([
  ['foreignHost', 'files.example.com', /на files\.example\.com, а этого сервера нет в списке офиса\. Администратор может добавить/],
  ['fileAddress', null, /адрес ведёт внутрь сети офиса или не зашифрован\. Откройте обращение/],
  ['notSound', null, /это не звуковой файл\. Откройте обращение/],
] as const)('a recording that is not played for a reason (%s) says what to do', async (trouble, about, words) => {
  const from = scene('ws-case-done')
  await stage({ ...from, overrides: { recording: async () => ({ status: 'error', error: { trouble, about } }) } })
  render(Case, { case: '482113907', call: 'call-1' })
  await fireEvent.click(await screen.findByRole('button', { name: 'Слушать' }))
  expect((await screen.findByRole('alert')).textContent).toMatch(words)
})

test('s08 the link opens a field for the gist at the same place, s09 saving attaches the call', async () => {
  const backend = await open('ws-case-attach-closed')
  await fireEvent.click(screen.getByRole('link', { name: 'Зафиксировать звонок в текущем обращении' }))
  await fireEvent.input(screen.getByRole('textbox', { name: 'Суть звонка' }), { target: { value: 'Без подписи' } })
  await fireEvent.click(screen.getByRole('button', { name: /Сохранить/ }))
  await vi.waitFor(() => expect(backend.attachCall).toHaveBeenCalledExactlyOnceWith('call-1', '482113640', 'Без подписи'))
  await vi.waitFor(() => expect(screen.queryByRole('textbox')).toBeNull())
})

test('s08 coming from «Привязать звонок» the field is open at once', async () => {
  await open('ws-case-attach')
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Суть звонка' }).value).toContain('Акты пришли, но без подписи')
})

test('a refused attachment keeps the text and says why', async () => {
  await open('ws-case-attach-refused')
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Суть звонка' })
  await fireEvent.input(field, { target: { value: 'Без подписи' } })
  await fireEvent.keyDown(field, { code: 'Enter', key: 'Enter', ctrlKey: true })
  await vi.waitFor(() => expect(text()).toContain('Не сохранено: Нет прав на это действие'))
  expect(field.value).toBe('Без подписи')
})

test('the gist of a live call can be added to', async () => {
  const backend = await open('ws-case-live')
  await fireEvent.click(screen.getByRole('link', { name: 'Дописать суть звонка' }))
  await fireEvent.input(screen.getByRole('textbox', { name: 'Суть звонка' }), { target: { value: 'Ещё одно' } })
  await fireEvent.click(screen.getByRole('button', { name: /Сохранить/ }))
  await vi.waitFor(() =>
    expect(backend.createCase).toHaveBeenCalledExactlyOnceWith('call-1', 'Не проходит оплата по счёту 1187', 'Ещё одно'),
  )
})

test('markup in a message stays text', async () => {
  const from = scene('ws-case-done')
  const page = from.cases?.[0]
  if (page === undefined) throw new Error('no page')
  const messages = page.messages.map((message) => ({ ...message, text: '<img src=x onerror=alert(1)>', call: null }))
  await stage({ ...from, cases: [{ ...page, messages }] })
  render(Case, { case: page.case.id, call: null })
  expect((await screen.findAllByText('<img src=x onerror=alert(1)>')).length).toBe(2)
  expect(document.querySelector('img')).toBeNull()
})

test.each([
  ['ws-case-error', 'Внутренняя ошибка на сервере'],
  ['ws-case-gone', 'Этого обращения больше нет в Омнидеске'],
])('%s is said in words', async (name, expected) => {
  await open(name)
  expect(screen.getByRole('alert').textContent).toContain(expected)
})

test('a blocked user is marked as such', async () => {
  await open('ws-case-blocked')
  expect(text()).toContain('Заблокирован в Омнидеске')
})
