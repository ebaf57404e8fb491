/** The minute after a conversation: what was decided, the gist, and done; all of it without the mouse. */
import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Backend } from '$lib/backend'
import { reminder } from '$lib/backend/fake/scene'
import { desk } from '$lib/desk.svelte'
import Popup from '../src/popup/Popup.svelte'
import { scene, stage } from './stage'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 32, 0) })
})

afterEach(() => {
  vi.useRealTimers()
})

async function show(name: string, overrides: Partial<Backend> = {}, labels: string[] = []) {
  const set = scene(name)
  const backend = await stage({ ...set, view: { ...set.view, labels }, overrides })
  render(Popup)
  await tick()
  return backend
}

/** The card has been there for a while, and the agent gave it the keyboard. */
async function turnedTo(name: string, overrides: Partial<Backend> = {}, labels: string[] = []) {
  const backend = await show(name, overrides, labels)
  await vi.advanceTimersByTimeAsync(1500)
  window.dispatchEvent(new Event('focus'))
  await tick()
  return backend
}

const gist = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Суть звонка' })

function press(code: string, more: KeyboardEventInit = {}, target: Element = document.activeElement ?? document.body): boolean {
  const event = new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true, ...more })
  target.dispatchEvent(event)
  return event.defaultPrevented
}

describe('the keyboard', () => {
  test('Enter is done', async () => {
    const backend = await turnedTo('popup-ended')
    expect(press('Enter')).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.doneWithCall).toHaveBeenCalledExactlyOnceWith('call-1')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('the keys that choose when to call back somebody else are for that alone', async () => {
    const set = scene('popup-ended')
    const due = reminder({ id: 'b/reminder-1', call: 'b', isDue: true, inPopup: true })
    const labels = Array.from({ length: 9 }, (_, n) => `Метка ${n + 1}`)
    const backend = await stage({ ...set, view: { ...set.view, labels, reminders: [due] } })
    render(Popup)
    await tick()
    await vi.advanceTimersByTimeAsync(1500)
    window.dispatchEvent(new Event('focus'))
    await fireEvent.click(screen.getByRole('button', { name: 'Позже…' }))
    await vi.advanceTimersByTimeAsync(0)
    const panel = screen.getByRole('group', { name: 'Когда перезвонить' })
    press('Digit9', { key: '9' }, panel)
    press('KeyP', { key: 'з' }, panel)
    await vi.advanceTimersByTimeAsync(0)
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Дата и время' }))
    expect(gist().value).toBe('')
    expect(backend.pickLabels).not.toHaveBeenCalled()
    expect(backend.doneWithCall).not.toHaveBeenCalled()
  })

  test.each([
    ['no payment', 'no payment '],
    ['no payment ', 'no payment '],
    ['', ''],
  ])('a slash after «%s» begins a word, so that it calls a phrase', async (before, after) => {
    const set = scene('popup-ended')
    const calls = set.view.calls.map((call) => ({ ...call, draft: { ...call.draft, gist: before } }))
    await stage({ ...set, view: { ...set.view, calls } })
    render(Popup)
    await vi.advanceTimersByTimeAsync(1500)
    window.dispatchEvent(new Event('focus'))
    expect(press('Slash', { key: '/' })).toBe(false)
    await tick()
    expect(document.activeElement).toBe(gist())
    expect([gist().value, gist().selectionStart]).toEqual([after, after.length])
  })

  test('a digit picks a label, and in the gist it is text', async () => {
    const backend = await turnedTo('popup-ended', {}, ['Вернуть деньги', 'Жалоба'])
    expect(press('Digit2', { key: '2' })).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.pickLabels).toHaveBeenCalledExactlyOnceWith('call-1', ['Жалоба'])
    expect(press('Digit3', { key: '3' }), 'there is no third one').toBe(false)
    gist().focus()
    expect(press('Digit1', { key: '1' })).toBe(false)
    expect(backend.pickLabels).toHaveBeenCalledTimes(1)
  })

  test('while the time to call back is chosen, the keys are for that', async () => {
    const backend = await turnedTo('popup-ended', {}, ['Вернуть деньги', 'Жалоба'])
    await fireEvent.click(screen.getByRole('button', { name: /^Перезвонить/ }))
    await vi.advanceTimersByTimeAsync(0)
    press('Digit1', { key: '1' })
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.remind).toHaveBeenCalledOnce()
    expect(backend.pickLabels).not.toHaveBeenCalled()
    expect(backend.doneWithCall).not.toHaveBeenCalled()
  })

  test('a letter begins the gist, at its end', async () => {
    await turnedTo('popup-ended-typed')
    expect(press('KeyG', { key: 'п' })).toBe(false)
    expect(document.activeElement).toBe(gist())
    expect(gist().selectionStart).toBe('Просит выслать счёт ещё раз'.length)
  })

  test.each([
    ['a digit', { code: 'Digit1', key: '1' }],
    ['a shortcut', { code: 'KeyC', key: 'c', ctrlKey: true }],
  ])('%s does not', async (_, { code, ...more }) => {
    await turnedTo('popup-ended')
    press(code, more)
    expect(document.activeElement).not.toBe(gist())
  })

  test('from within the gist Enter is done and sends it, Shift+Enter begins a line', async () => {
    const backend = await turnedTo('popup-ended')
    gist().focus()
    await fireEvent.input(gist(), { target: { value: 'Просит счёт' } })
    expect(press('Enter', { shiftKey: true })).toBe(false)
    expect(press('Enter', { isComposing: true })).toBe(false)
    expect(backend.doneWithCall).not.toHaveBeenCalled()
    expect(press('Enter')).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.saveDraft).toHaveBeenCalledExactlyOnceWith('call-1', '', 'Просит счёт')
    expect(backend.sendDraft).toHaveBeenCalledExactlyOnceWith('call-1')
    expect(backend.doneWithCall).toHaveBeenCalledExactlyOnceWith('call-1')
  })

  test('what was typed before the card was folded is sent, too', async () => {
    const backend = await turnedTo('popup-ended-typed')
    press('Enter')
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.sendDraft).toHaveBeenCalledExactlyOnceWith('call-1')
    expect(backend.doneWithCall).toHaveBeenCalledOnce()
  })

  test('on a button Enter is that button', async () => {
    const backend = await turnedTo('popup-ended')
    const open = screen.getByRole('button', { name: 'Открыть обращение' })
    open.focus()
    expect(press('Enter')).toBe(false)
    expect(backend.doneWithCall).not.toHaveBeenCalled()
  })

  test('Esc puts the card away; what was typed is kept', async () => {
    const backend = await turnedTo('popup-ended')
    gist().focus()
    await fireEvent.input(gist(), { target: { value: 'Просит счёт' } })
    press('Escape')
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.hidePopup).toHaveBeenCalledOnce()
    expect(backend.saveDraft).toHaveBeenCalledExactlyOnceWith('call-1', '', 'Просит счёт')
  })

  test('a click in the card gives it the keyboard, which it never takes itself (S01)', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    const backend = await show('popup-ended')
    expect(backend.focusPopup).not.toHaveBeenCalled()
    await fireEvent.pointerDown(gist())
    expect(backend.focusPopup).toHaveBeenCalledOnce()
    vi.mocked(document.hasFocus).mockRestore()
  })

  test('whoever types on when the next call rings presses nothing in its card until they stop', async () => {
    const backend = await turnedTo('popup-ended')
    gist().focus()
    const next = scene('popup-ringing-several').view
    const calls = [...next.calls.map((call) => ({ ...call, id: 'call-2' })), ...desk.view.calls]
    desk.apply({ ...next, calls, popup: ['call-2', 'call-1'], revision: 9 })
    await tick()
    for (let typed = 0; typed < 6; typed += 1) {
      await vi.advanceTimersByTimeAsync(300)
      expect(press('Digit1', { key: '1' })).toBe(true)
    }
    expect(backend.chooseUser).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    press('Digit1', { key: '1' })
    expect(backend.chooseUser).toHaveBeenCalledOnce()
  })
})

describe('what is typed', () => {
  test('is saved as it is typed, and says so', async () => {
    const backend = await show('popup-ended')
    await fireEvent.input(gist(), { target: { value: 'Просит счёт' } })
    await vi.advanceTimersByTimeAsync(500)
    expect(backend.saveDraft).toHaveBeenCalledExactlyOnceWith('call-1', '', 'Просит счёт')
    expect(document.body.textContent).toContain('Черновик сохранён')
  })

  test('keeps the card where it could not be saved', async () => {
    const backend = await turnedTo('popup-ended', { saveDraft: async () => ({ status: 'error', error: { trouble: 'storage', about: null } }) })
    await fireEvent.input(gist(), { target: { value: 'Просит счёт' } })
    await fireEvent.click(screen.getByRole('button', { name: /Готово/ }))
    await vi.advanceTimersByTimeAsync(0)
    expect(backend.doneWithCall).not.toHaveBeenCalled()
    expect(screen.getByRole('alert')).toBeDefined()
    expect(gist().value).toBe('Просит счёт')
  })

  test('on a page of the workspace is here too, unless something newer stands here', async () => {
    await show('popup-ended')
    const told = async (text: string, savedAt: number) => {
      const draft = { subject: '', gist: text, savedAt, unsent: true }
      desk.apply({ ...desk.view, revision: desk.view.revision + 1, calls: desk.view.calls.map((call) => ({ ...call, draft })) })
      await tick()
    }
    await told('С другой страницы', Date.now())
    expect(gist().value).toBe('С другой страницы')
    await fireEvent.input(gist(), { target: { value: 'С другой страницы и отсюда' } })
    await told('Со страницы', Date.now() + 1)
    expect(gist().value).toBe('С другой страницы и отсюда')
    await vi.advanceTimersByTimeAsync(500)
    await told('Старое', Date.now() - 5000)
    expect(gist().value).toBe('С другой страницы и отсюда')
  })
})

test('the next call folds it into one line, from which it comes back with its text', async () => {
  await show('popup-ringing-after-call')
  expect(screen.getByRole('heading').textContent).toBe('Павел Кожевников')
  await fireEvent.click(screen.getByRole('button', { name: 'Развернуть: Екатерина Воскресенская-Добролюбова' }))
  expect(gist().value).toBe('Просит выслать счёт ещё раз')
})
