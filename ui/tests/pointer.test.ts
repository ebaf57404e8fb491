import { fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { setLanguage } from '$lib/i18n.svelte'
import { followPointer } from '$lib/pointer/follow'
import { router } from '$lib/router.svelte'
import Dial from '../src/dial/Dial.svelte'
import App from '../src/workspace/App.svelte'
import { scene, stage } from './stage'

let stop = () => {}
const copied = vi.hoisted(() => vi.fn(async (_: string) => true))
vi.mock('$lib/clipboard', () => ({ copyText: copied }))

beforeEach(() => {
  stop = followPointer()
  copied.mockClear()
})

afterEach(() => {
  stop()
  vi.unstubAllGlobals()
})

async function open(name: string) {
  const backend = await stage(name)
  const { route } = scene(name)
  if (route !== undefined) router.reset(route)
  render(App)
  await vi.waitFor(() => expect(document.querySelector('main')).not.toBeNull())
  // The rows of the list are asked for.
  if (router.current.page === 'calls') await vi.waitFor(() => expect(document.querySelector('[data-row]')).not.toBeNull(), { timeout: 15_000 })
  return backend
}

/** Whether the web view's own menu would open. */
const press = (element: Element) => fireEvent.contextMenu(element, { clientX: 40, clientY: 50 })
const items = () => screen.queryAllByRole('menuitem').map((item) => item.textContent)
const choose = (name: string | RegExp) => fireEvent.click(screen.getByRole('menuitem', { name }))
const row = (id: string) => document.querySelector<HTMLElement>(`[data-row="${id}"]`)!

describe('menus', () => {
  test('a call offers the way to its person and case, copies, and calls back', async () => {
    const backend = await open('ws-calls')
    expect(await press(row('missed-0').querySelector('td')!)).toBe(false)
    expect(items()).toEqual(['Открыть профиль', 'Открыть обращение 482-113902', 'Скопировать 482-113902', 'Скопировать +7 (843) 555-01-62', 'Скопировать имя', 'Позвонить на +7 (843) 555-01-62'])
    await choose(/Скопировать \+7/)
    expect(copied).toHaveBeenCalledExactlyOnceWith('+78435550162')
    expect(items()).toEqual([])
    await press(row('missed-0'))
    await choose('Позвонить на +7 (843) 555-01-62')
    expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+78435550162', '482113902', null)
  })

  test('a hidden number has nothing to copy', async () => {
    await open('ws-calls')
    await press(row('withheld'))
    expect(items()).toEqual(['Открыть обращение 482-113788', 'Скопировать 482-113788'])
  })

  test('a person and a case offer their name, number and link', async () => {
    await open('ws-profile')
    await vi.waitFor(() => expect(document.querySelector('header.head h1')).not.toBeNull())
    await press(document.querySelector('header.head h1')!)
    expect(items()).toEqual(['Скопировать имя', 'Скопировать ссылку', 'Открыть в Омнидеске'])
    await press(document.querySelector('dl .num .value')!)
    expect(items()).toEqual(['Скопировать +7 (921) 555-01-34', 'Позвонить на +7 (921) 555-01-34'])
    await press(document.querySelector('ul li')!)
    expect(items()).toEqual([])
    await press(document.querySelector('main li .open')!)
    expect(items().slice(0, 1)[0]).toMatch(/^Открыть обращение /)
  })

  test.each(['ru', 'en'])('they speak the language of the window (%s)', async (language) => {
    setLanguage(language)
    await open('ws-calls')
    await press(row('katya'))
    expect(items()[0]).toBe(language === 'ru' ? 'Открыть профиль' : 'Open profile')
    expect(screen.getByRole('menu').getAttribute('aria-label')).toBe(language === 'ru' ? 'Действия' : 'Actions')
  })

  test('elsewhere there is none, neither ours nor the web view\'s; a text field keeps its own', async () => {
    await open('ws-calls')
    expect(await press(screen.getByRole('navigation'))).toBe(false)
    expect(items()).toEqual([])
    expect(await press(screen.getByRole('searchbox'))).toBe(true)
    screen.getByRole('searchbox').focus()
    expect(await fireEvent.keyDown(screen.getByRole('searchbox'), { code: 'ContextMenu' })).toBe(true)
  })

  test.each([
    ['the Menu key', { code: 'ContextMenu' }],
    ['Shift+F10', { code: 'F10', shiftKey: true }],
  ])('%s opens it where the focus is; arrows move, Esc gives the focus back', async (_, key) => {
    await open('ws-calls')
    row('katya').focus()
    await fireEvent.keyDown(row('katya'), key)
    const at = () => document.activeElement?.textContent
    expect(at()).toBe('Открыть профиль')
    const down = (code: string) => fireEvent.keyDown(document.activeElement!, { code })
    await down('ArrowUp')
    expect(at()).toMatch(/^Позвонить/)
    await down('ArrowDown')
    await down('ArrowDown')
    expect(at()).toMatch(/^Открыть обращение/)
    await down('End')
    expect(at()).toMatch(/^Позвонить/)
    await down('Escape')
    expect(items()).toEqual([])
    expect(document.activeElement).toBe(row('katya'))
  })

  test('one turns to something else and it goes', async () => {
    await open('ws-calls')
    await press(row('katya'))
    await fireEvent.pointerDown(document.body)
    expect(items()).toEqual([])
    await press(row('katya'))
    await press(row('missed-0'))
    expect(screen.getAllByRole('menu')).toHaveLength(1)
  })

  test('in the dial window a number of the list is copied', async () => {
    await stage('dial-empty')
    render(Dial)
    await tick()
    setLanguage('ru')
    await press(screen.getAllByRole('option')[0]!)
    expect(items()).toEqual(['Скопировать +78435550162'])
  })
})

describe('tooltips', () => {
  const tip = () => document.querySelector('.tip')?.textContent ?? null
  const rest = () => new Promise((resolve) => setTimeout(resolve, 520))
  /** In the stand-in DOM nothing has a size. */
  const seen = (cut: boolean) => {
    vi.spyOn(Element.prototype, 'getClientRects').mockImplementation(() => [{}] as unknown as DOMRectList)
    vi.spyOn(HTMLElement.prototype, 'scrollWidth', 'get').mockReturnValue(cut ? 300 : 100)
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(100)
    vi.stubGlobal('getComputedStyle', (element: Element) => ({ overflowX: element.matches('.cut') ? 'hidden' : 'visible', getPropertyValue: () => '' }))
  }
  afterEach(() => vi.restoreAllMocks())

  test('a glyph says its name after a rest, and is silent as soon as one does something', async () => {
    await open('ws-calls')
    seen(false)
    const more = screen.getAllByRole('button', { name: 'Подробнее' })[0]!
    await fireEvent.pointerOver(more)
    expect(tip()).toBeNull()
    await rest()
    expect(tip()).toBe('Подробнее (→)')
    for (const act of [() => fireEvent.keyDown(document.body, { code: 'Escape' }), () => fireEvent.scroll(document.body)]) {
      await act()
      expect(tip()).toBeNull()
    }
  })

  test.each([
    ['that is cut shows the whole of it', true],
    ['that is all there shows nothing', false],
  ])('text %s', async (_, cut) => {
    await open('ws-calls')
    seen(cut)
    const name = row('konstantin').querySelector('th [data-tip]')!
    await fireEvent.pointerOver(name)
    await rest()
    expect(tip()).toBe(cut ? 'Константин Константинопольский' : null)
    await fireEvent.pointerOver(document.body)
    expect(tip()).toBeNull()
  })
})
