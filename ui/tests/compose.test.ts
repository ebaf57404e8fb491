import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import Compose from '../src/pages/Compose.svelte'
import { scene, stage, type Spied } from './stage'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 28) })
})

afterEach(() => {
  vi.useRealTimers()
})

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name })

async function type(name: string, value: string) {
  await fireEvent.input(field(name), { target: { value } })
}

async function open(from: Parameters<typeof stage>[0] = 'ws-compose'): Promise<{ backend: Spied; unmount: () => void }> {
  const backend = await stage(from)
  const { unmount } = render(Compose, { call: 'call-1' })
  await tick()
  return { backend, unmount }
}

test('s05 user, subject and gist are filled in from the call and its draft', async () => {
  const { backend } = await open()
  expect(backend.openCompose).toHaveBeenCalledExactlyOnceWith('call-1')
  expect(field('Тема').value).toBe('Не проходит оплата по счёту 1187')
  expect(field('Суть звонка').value).toContain('Банк возвращает платёж')
  expect(screen.getByRole('group', { name: 'Пользователь' }).textContent).toContain('Екатерина Воскресенская-Добролюбова')
  expect(screen.getByRole('link', { name: 'отредактировать данного пользователя' })).toBeTruthy()
})

test('text is saved once, 400 ms after the last key', async () => {
  const { backend } = await open('ws-compose-unknown')
  await type('Тема', 'Оп')
  await vi.advanceTimersByTimeAsync(399)
  await type('Тема', 'Оплата')
  await vi.advanceTimersByTimeAsync(399)
  expect(backend.saveDraft).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(backend.saveDraft).toHaveBeenCalledExactlyOnceWith('call-1', 'Оплата', '')
  expect(screen.getByText('Черновик сохранён на этом компьютере в 14:28')).toBeTruthy()
})

test('d5 who types without a rest loses no more than a second', async () => {
  const { backend } = await open('ws-compose-unknown')
  for (let n = 1; n <= 12; n += 1) {
    await type('Суть звонка', 'а'.repeat(n))
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(backend.saveDraft).toHaveBeenCalledExactlyOnceWith('call-1', '', 'а'.repeat(10))
  await vi.advanceTimersByTimeAsync(400)
  expect(backend.saveDraft).toHaveBeenLastCalledWith('call-1', '', 'а'.repeat(12))
})

test('s15 the end of the call saves the last letters at once', async () => {
  const { backend } = await open('ws-compose-unknown')
  await type('Суть звонка', 'Просит счёт')
  const view = await backend.desk(desk.shows)
  desk.apply({ ...view, revision: view.revision + 1, calls: view.calls.map((call) => ({ ...call, phase: 'ended' as const, endedAt: Date.now() })) })
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.saveDraft).toHaveBeenCalledExactlyOnceWith('call-1', '', 'Просит счёт')
})

test('s15 what is typed after the end is said to be unsent, and leaving the page sends it', async () => {
  const { backend, unmount } = await open('ws-compose-unknown')
  const ended = async (unsent: boolean) => {
    const view = await backend.desk(desk.shows)
    const linked = { type: 'linked' as const, caseId: '9', number: '482-9', subject: 'Звонок', attached: false }
    const calls = view.calls.map((call) => ({ ...call, phase: 'ended' as const, endedAt: Date.now(), case: linked, draft: { ...call.draft, unsent } }))
    desk.apply({ ...view, revision: desk.view.revision + 1, calls })
    await tick()
  }
  await ended(false)
  expect(screen.queryByText(/ещё не отправлено/)).toBeNull()
  await type('Суть звонка', 'Перезвонить')
  await ended(true)
  expect(screen.getByText(/ещё не отправлено/)).toBeTruthy()
  unmount()
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.saveDraft).toHaveBeenLastCalledWith('call-1', '', 'Перезвонить')
  expect(backend.sendDraft).toHaveBeenCalledExactlyOnceWith('call-1')
})

test('d5 text that the disk refused is saved by itself later', async () => {
  const { backend } = await open('ws-compose-unknown')
  backend.saveDraft.mockResolvedValueOnce({ status: 'error', error: { trouble: 'storage', about: null } })
  await type('Суть звонка', 'Счёт')
  await vi.advanceTimersByTimeAsync(400)
  expect(screen.getByRole('alert').textContent).toContain('Черновик не сохранён')
  await vi.advanceTimersByTimeAsync(1000)
  expect(backend.saveDraft).toHaveBeenCalledTimes(2)
  expect(screen.queryByRole('alert')).toBeNull()
})

test('text that could not be saved is said in red with the reason', async () => {
  await open('ws-compose-not-saved')
  await type('Суть звонка', 'Счёт')
  await vi.advanceTimersByTimeAsync(400)
  expect(screen.getByRole('alert').textContent).toBe('Черновик не сохранён: Диск этого компьютера не записывает данные')
  expect(field('Суть звонка').value).toBe('Счёт')
})

test('s07 leaving the page saves what is not saved yet', async () => {
  const { backend, unmount } = await open('ws-compose-unknown')
  await type('Суть звонка', 'Спрашивал про цены')
  unmount()
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.saveDraft).toHaveBeenCalledExactlyOnceWith('call-1', '', 'Спрашивал про цены')
})

test('s07 the default subject stands as a placeholder and is not typed in', async () => {
  const { backend, unmount } = await open('ws-compose-unknown')
  expect(field('Тема').placeholder).toBe('Входящий звонок с +7 (812) 555-01-77')
  expect(field('Тема').value).toBe('')
  unmount()
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.saveDraft).not.toHaveBeenCalled()
})

test('s06 «Создать» sends the text, and the page of the new case opens in place of this one', async () => {
  const { backend } = await open()
  router.go({ page: 'compose', call: 'call-1' })
  await type('Тема', 'Новый счёт')
  await fireEvent.click(screen.getByRole('button', { name: /Создать/ }))
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.createCase).toHaveBeenCalledExactlyOnceWith('call-1', 'Новый счёт', expect.stringContaining('Банк возвращает'))
  expect(router.current).toEqual({ page: 'case', case: '482113907', call: 'call-1' })
})

test('Ctrl Enter creates, whatever the keyboard layout', async () => {
  const { backend } = await open()
  await fireEvent.keyDown(field('Суть звонка'), { code: 'Enter', key: 'Enter', ctrlKey: true })
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.createCase).toHaveBeenCalledOnce()
})

test('Enter alone in the gist creates nothing', async () => {
  const { backend } = await open()
  await fireEvent.keyDown(field('Суть звонка'), { code: 'Enter', key: 'Enter' })
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.createCase).not.toHaveBeenCalled()
})

test('a refused case keeps the text and says why', async () => {
  await open('ws-compose-refused')
  await type('Суть звонка', 'Счёт')
  await fireEvent.click(screen.getByRole('button', { name: /Создать/ }))
  await vi.advanceTimersByTimeAsync(0)
  expect(screen.getByRole('alert').textContent).toBe('Обращение не создано: Нет прав на это действие')
  expect(field('Суть звонка').value).toBe('Счёт')
})

test('what the agent types is not overwritten by a newer state', async () => {
  const { backend } = await open()
  await type('Тема', 'Моё')
  const view = await backend.desk(desk.shows)
  desk.apply({
    ...view,
    revision: view.revision + 1,
    calls: view.calls.map((call) => ({ ...call, draft: { subject: 'Чужое', gist: '', savedAt: 1, unsent: false } })),
  })
  await tick()
  expect(field('Тема').value).toBe('Моё')
})

test('s05 the way back leads to the profile, for an unknown caller to linking', async () => {
  await open()
  await fireEvent.click(screen.getByRole('button', { name: 'Перейти в профиль пользователя' }))
  expect(router.current).toEqual({ page: 'profile', user: '501', call: 'call-1' })
})

test('s12 an unknown caller can be linked from here', async () => {
  await open('ws-compose-unknown')
  await fireEvent.click(screen.getByRole('button', { name: 'Найти пользователя' }))
  expect(router.current).toEqual({ page: 'search', call: 'call-1' })
})

test('for a hidden number nothing is promised that will not happen', async () => {
  const { backend } = await open('ws-compose-withheld')
  expect(screen.getByRole('button', { name: /Создать/ }).hasAttribute('disabled')).toBe(true)
  expect(screen.queryByText(/обращение появится само/)).toBeNull()
  await fireEvent.keyDown(field('Суть звонка'), { code: 'Enter', key: 'Enter', ctrlKey: true })
  expect(backend.createCase).not.toHaveBeenCalled()
})

test('while Omnidesk is away the page says that the case goes later', async () => {
  const base = scene('ws-compose')
  const { backend } = await open({
    ...base,
    cases: [],
    view: { ...base.view, omnidesk: { state: 'down', trouble: 'timeout', since: 0, retryAt: null } },
  })
  await fireEvent.click(screen.getByRole('button', { name: /Создать/ }))
  await vi.advanceTimersByTimeAsync(0)
  expect(backend.createCase).toHaveBeenCalledOnce()
  expect(screen.getByText('Обращение уйдёт в Омнидеск, когда связь вернётся. Текст сохранён на этом компьютере.')).toBeTruthy()
})

test('a call that is no longer there is said plainly', async () => {
  await open('ws-compose-gone')
  expect(screen.getByRole('heading', { name: 'Этого звонка больше нет' })).toBeTruthy()
})
