/** Names that are written from right to left, within the sentences of the windows. */
import { readdirSync, readFileSync } from 'node:fs'
import { fireEvent, render } from '@testing-library/svelte'
import { tick, type Component } from 'svelte'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { known, ended } from '$lib/backend/fake/scenes/calls'
import { desk as deskView, user } from '$lib/backend/fake/scene'
import { bare, followCopies, isolated, listed } from '$lib/bidi'
import { copyText } from '$lib/clipboard'
import { setLanguage } from '$lib/i18n.svelte'
import { m } from '$lib/m'
import Why from '../src/pages/case/Why.svelte'
import { matches, rowsOf } from '../src/pages/calls/rows'
import Popup from '../src/popup/Popup.svelte'
import { scene, stage } from './stage'

const HEBREW = 'שרה כהן 5'
const marked = (text: string) => `\u2068${text}\u2069`

describe('a text from outside', () => {
  test.each(['שרה', 'مريم (5)', 'Anna שרה', '\u202eabc', 'a\u200f'])('«%s» turns nothing but itself', (text) => {
    expect(isolated(text)).toBe(marked(text))
  })

  test.each(['Анна', 'a@b.example', '+7 (921) 555-01-34', '👩‍👩‍👧‍👦', '', 12])('«%s» turns nothing and stays as it is', (text) => {
    expect(isolated(text)).toBe(String(text))
  })

  test('that has marks of its own neither ends ours early nor outlasts them', () => {
    expect(isolated('א\u20695')).toBe(marked('א5'))
    expect(isolated('\u2067א')).toBe(marked('\u2067א\u2069'))
    expect(isolated(isolated('א'))).toBe(marked(marked('א')))
  })

  test('stands in a line with others, each for itself', () => {
    expect(listed([HEBREW, null, '', 'Ромашка'])).toBe(`${marked(HEBREW)} · Ромашка`)
    expect(listed([HEBREW, undefined])).toBe(HEBREW)
    expect(listed([])).toBe('')
  })
})

describe('every message', () => {
  type Message = (parameters: Record<string, unknown>) => string
  const messages = readdirSync('messages/ru').flatMap((area) => Object.entries(JSON.parse(readFileSync(`messages/ru/${area}`, 'utf8')) as Record<string, unknown>))
  const parametersOf = (message: unknown) => [...new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((found) => found[1]!))]
  const withParameters = messages.map(([key, message]) => ({ key, names: parametersOf(message), isPlural: JSON.stringify(message).includes(': plural') })).filter(({ names }) => names.length > 0)

  test.each(['ru', 'en'])('isolates each of its parameters in %s', (language) => {
    setLanguage(language)
    expect(withParameters.length).toBeGreaterThan(100)
    for (const { key, names, isPlural } of withParameters) {
      const say = (m as unknown as Record<string, Message>)[key]!
      const values = Object.fromEntries(names.map((name) => [name, `${HEBREW} ${name}.`]))
      // A plural chooses its words by the number.
      const said = isPlural ? [1, 2, 5].map((count) => say({ ...values, count })) : [say(values)]
      for (const name of names.filter((name) => !(isPlural && name === 'count'))) {
        const times = (text: string, part: string) => text.split(part).length - 1
        for (const text of said) {
          expect([key, name, times(text, values[name]!)]).not.toEqual([key, name, 0])
          expect([key, name, times(text, marked(values[name]!))]).toEqual([key, name, times(text, values[name]!)])
        }
      }
      if (isPlural && names.includes('count')) expect([key, say({ ...values, count: HEBREW })]).toEqual([key, expect.stringContaining(marked(HEBREW))])
    }
  })
})

describe('on the screens', () => {
  const SARA = user({ id: '600', name: HEBREW, company: 'חברה (5)' })

  test('the sentence about whose a call is keeps its order', () => {
    const call = ended(0, 5, 60, { caller: known(SARA), among: { user: SARA, others: [SARA], why: 'missed' } })
    const { container } = render(Why as Component, { call })
    expect(container.textContent).toContain(`Записано на: ${marked(HEBREW)}. Выбор сделан автоматически из 2:`)
  })

  test('names and companies beside each other, too', async () => {
    const base = scene('popup-two-calls')
    const calls = base.view.calls.map((call) => ({ ...call, caller: known(SARA) }))
    await stage({ ...base, view: { ...base.view, calls } })
    const { container } = render(Popup)
    await tick()
    expect(container.querySelector('[aria-live]')?.textContent).toContain(`${marked(HEBREW)}, ${marked('חברה (5)')}`)
    // A name that has the line for itself needs no marks.
    expect(container.querySelector('h1')?.textContent).toBe(HEBREW)
  })
})

describe('what leaves the window has no marks', () => {
  let stop = () => {}
  afterEach(() => {
    stop()
    vi.restoreAllMocks()
  })

  test('a button that copies', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    expect(await copyText(`За ${marked(HEBREW)}.`)).toBe(true)
    expect(write).toHaveBeenCalledExactlyOnceWith(`За ${HEBREW}.`)
  })

  test('a selected sentence; one without marks is left to the web view', async () => {
    stop = followCopies()
    const select = vi.spyOn(document, 'getSelection')
    const copy = async (text: string, from: Element = document.body) => {
      select.mockReturnValue({ toString: () => text } as Selection)
      const setData = vi.fn()
      const event = new Event('copy', { bubbles: true, cancelable: true })
      Object.defineProperty(event, 'clipboardData', { value: { setData } })
      await fireEvent(from, event)
      return [event.defaultPrevented, ...setData.mock.calls]
    }
    expect(await copy(`За ${marked(HEBREW)}.`)).toEqual([true, ['text/plain', `За ${HEBREW}.`]])
    expect(await copy('За Анну.')).toEqual([false])
    const field = document.body.appendChild(document.createElement('textarea'))
    expect(await copy(marked(HEBREW), field)).toEqual([false])
    field.remove()
  })

  test('the filter of the calls finds what one reads', () => {
    const number = { kind: 'extension', pretty: 'שרה', e164: null, dial: null, extension: '5' } as const
    const [row] = rowsOf(deskView({ calls: [ended(0, 5, 0, { number, caller: { type: 'notLookedUp' } })] }).calls, [])
    expect(bare(m.common_number_with_extension({ number: 'שרה', extension: '5' }))).toBe('שרה, доб. 5')
    expect(matches(row!, 'שרה, доб')).toBe(true)
  })
})
