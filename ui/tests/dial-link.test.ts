import { screen } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DialStart } from '$lib/backend'
import { SETTLING } from '../src/dial/field.svelte'
import { EMPTY, NUMBER, field, press, show, standStill, text, type } from './dial-window'

const LINKED: DialStart = { text: '+79215550134', trouble: null, caution: null, from: 'outside' }

beforeEach(standStill)

afterEach(() => {
  vi.useRealTimers()
})

describe('a link from outside', () => {
  const call = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Позвонить' })

  test('dials nothing by itself, nor by a key that was on its way elsewhere', async () => {
    const backend = await show('dial-empty', { readNumber: async () => NUMBER })
    backend.dialReady.mockResolvedValueOnce(LINKED)
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(SETTLING - 100)
    expect(text()).toContain('Номер из ссылки или другой программы')
    expect(field().value).toBe('+79215550134')
    expect(call().disabled).toBe(true)
    await press('Enter')
    expect(backend.dial).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(100)
    expect(call().disabled).toBe(false)
    expect(backend.dial).not.toHaveBeenCalled()
    await press('Enter')
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+79215550134', null, null)
  })

  test('dials nothing while keys go on coming: whoever types on has not seen where it goes', async () => {
    const backend = await show('dial-empty', { readNumber: async () => NUMBER })
    backend.dialReady.mockResolvedValueOnce(LINKED)
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(SETTLING - 100)
    await type('+792155501342', SETTLING - 100)
    await press('Enter')
    expect(backend.dial).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(100)
    await press('Enter')
    expect(backend.dial).toHaveBeenCalledOnce()
  })

  test('of ten at once the last one stands in the field, and nothing is dialled', async () => {
    const backend = await show('dial-empty', { readNumber: async () => NUMBER })
    for (let i = 0; i < 10; i += 1) {
      backend.dialReady.mockResolvedValueOnce({ ...LINKED, text: `+7921555013${i}` })
      backend.onDialOpened.mock.lastCall?.[0]()
    }
    await vi.advanceTimersByTimeAsync(SETTLING)
    expect(field().value).toBe('+79215550139')
    expect(backend.dial).not.toHaveBeenCalled()
  })

  test('is forgotten when the window is opened for something else', async () => {
    const backend = await show('dial-link', { readNumber: async () => NUMBER })
    expect(text()).toContain('Номер из ссылки или другой программы')
    backend.dialReady.mockResolvedValueOnce(EMPTY)
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(0)
    expect(text()).not.toContain('Номер из ссылки или другой программы')
    await type('8 921 555 01 34')
    await press('Enter')
    expect(backend.dial).toHaveBeenCalledOnce()
  })
})

describe('a selected text', () => {
  test('says where its number comes from, and that nothing is selected', async () => {
    const backend = await show('dial-empty', { readNumber: async () => NUMBER })
    backend.dialReady.mockResolvedValueOnce({ ...LINKED, from: 'selection' })
    backend.onDialOpened.mock.lastCall?.[0]()
    await vi.advanceTimersByTimeAsync(SETTLING - 100)
    expect(text()).toContain('Номер из выделенного текста')
    await press('Enter')
    expect(backend.dial).not.toHaveBeenCalled()
    for (const [about, said] of [
      ['selection', 'В выделенном тексте нет номера'],
      ['nothing-selected', 'Ничего не выделено'],
      ['selection-silent', 'не отвечает'],
      ['selection-hidden', 'не сообщает, что выделено'],
    ] as const) {
      backend.dialReady.mockResolvedValueOnce({ ...EMPTY, from: 'selection', trouble: { trouble: 'badSetting', about } })
      backend.onDialOpened.mock.lastCall?.[0]()
      await vi.advanceTimersByTimeAsync(SETTLING)
      expect(screen.getByRole('alert').textContent).toContain(said)
    }
  })
})
