/** What is heeded and what is listed are the same. */
import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tick } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { setLanguage } from '$lib/i18n.svelte'
import { router } from '$lib/router.svelte'
import { pressed, SHORTCUTS, shortcutsOf, type Place } from '$lib/shortcuts'
import Dial from '../src/dial/Dial.svelte'
import { GUARD_MS } from '../src/popup/guard'
import Popup from '../src/popup/Popup.svelte'
import App from '../src/workspace/App.svelte'
import { over } from '../src/workspace/palette/open.svelte'
import { SECTIONS } from '../src/workspace/sections'
import { scene, stage } from './stage'

afterEach(() => {
  over.what = null
  setLanguage('ru')
  vi.useRealTimers()
})

async function open(name = 'ws-calls') {
  const backend = await stage(name)
  router.reset(scene(name).route ?? { page: 'calls' })
  render(App)
  await tick()
  return backend
}

const source = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/paraglide|\/fake\/|lib\/(keys|shortcuts|hotkeys)\.ts$/.test(file))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }))

const placeOf = (file: string): Place[] =>
  file.startsWith('src/popup/') ? ['popup'] : file.startsWith('src/dial/') ? ['dial'] : /^src\/lib\//.test(file) ? ['workspace', 'popup', 'dial'] : ['workspace']

const CODE = /'((?:Arrow|Key|Digit|Numpad|Bracket|Page)[A-Z]?\w*|Enter|Escape|Home|End|Tab|Slash|F\d+|ContextMenu|Equal|Minus|Space|Delete|Backspace)'/g

test('no key is heeded anywhere that the table does not have for that window', () => {
  const unknown = source('src').flatMap(({ file, text }) => {
    if (!/event|KeyboardEvent/.test(text)) return []
    const codes = [...text.matchAll(CODE)].map(([, code]) => code!)
    const known = SHORTCUTS.filter(({ places }) => places.some((place) => placeOf(file).includes(place))).flatMap(({ codes }) => codes ?? [])
    return codes.filter((code) => !known.includes(code)).map((code) => `${file}: ${code}`)
  })
  expect(unknown).toEqual([])
  // Letters, digits and signs are asked of the table.
  const past = source('src').filter(({ text }) => /\bis(Shift)?Command\(|hasCommand\(/.test(text)).map(({ file }) => file)
  expect(past).toEqual([])
})

test('what the table has is heeded in each window that it names', () => {
  const files = source('src')
  const asked: Record<string, RegExp> = { back: /wayOf\(event\)/, forward: /wayOf\(event\)/ }
  for (const { id, places, codes, is } of SHORTCUTS) {
    for (const place of places) {
      const own = files.filter(({ file }) => placeOf(file).includes(place))
      const heeded =
        is === undefined
          ? (codes ?? []).filter((code) => !code.startsWith('Numpad')).every((code) => own.some(({ text }) => text.includes(`'${code}'`)))
          : own.some(({ text }) => (asked[id] ?? new RegExp(`pressed\\(event, '${id}'\\)`)).test(text))
      expect([id, place, heeded]).toEqual([id, place, true])
    }
  }
})

test('each stands in the list of its windows once, in both languages', async () => {
  for (const language of ['ru', 'en']) {
    setLanguage(language)
    for (const place of ['workspace', 'popup', 'dial'] as const) {
      const listed = shortcutsOf(place).flatMap(({ shortcuts }) => shortcuts.map(({ id }) => id))
      expect([...listed].sort()).toEqual(SHORTCUTS.filter(({ places }) => places.includes(place)).map(({ id }) => id).sort())
      for (const { title, shortcuts } of shortcutsOf(place)) {
        expect(title).not.toBe('')
        for (const { text, keys } of shortcuts) expect([text() !== '', keys.length > 0]).toEqual([true, true])
      }
    }
  }
  expect(SECTIONS.length, 'the table says Ctrl 1–5').toBe(5)
})

test('of all keys the workspace heeds those of the table and no others', async () => {
  await open()
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `Key${letter}`)
  const others = ['Digit0', 'Digit1', 'Digit4', 'Digit5', 'Digit9', 'Equal', 'Minus', 'NumpadAdd', 'Slash', 'Comma', 'F1', 'F5', 'Escape', 'Enter', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'BracketLeft', 'Home', 'End']
  const modifiers = [{}, { ctrlKey: true }, { ctrlKey: true, shiftKey: true }, { altKey: true }, { ctrlKey: true, altKey: true }]
  for (const code of [...letters, ...others]) {
    for (const modifier of modifiers) {
      const event = new KeyboardEvent('keydown', { code, key: code === 'Slash' ? '/' : code.slice(3).toLowerCase(), bubbles: true, cancelable: true, ...modifier })
      document.body.dispatchEvent(event)
      const known = SHORTCUTS.some(({ places, is, id }) => places.includes('workspace') && !OF_A_ROW.includes(id) && is?.(event) === true)
      await tick()
      // One that needs something which is not there now is heeded by nothing.
      const absent = SHORTCUTS.some(({ id, is }) => ['compose', 'back', 'forward'].includes(id) && is?.(event) === true)
      if (!absent) expect([code, modifier, event.defaultPrevented]).toEqual([code, modifier, known])
      over.what = null
      router.reset({ page: 'calls' })
      await tick()
    }
  }
})

/** Heeded where a row of a list, or a form, has the keyboard. */
const OF_A_ROW = ['callAgain', 'claim', 'copyNumber', 'send']

test.each([
  ['ru', 'Сочетания клавиш', 'Найти человека, обращение или команду'],
  ['en', 'Keyboard shortcuts', 'Find a person, a case or a command'],
])('? lists them in %s, and Esc closes the list', async (language, title, first) => {
  await open()
  setLanguage(language)
  await fireEvent.keyDown(document.body, { key: '?', code: 'Digit7', shiftKey: true })
  const list = screen.getByRole('dialog', { name: title })
  expect(within(list).getByText(first)).toBeTruthy()
  expect(within(list).getByText('Ctrl K')).toBeTruthy()
  // Those that work in any program stand there as they are set.
  expect(await within(list).findByText('Ctrl Alt C')).toBeTruthy()
  await fireEvent(list, new Event('cancel', { cancelable: true }))
  expect(screen.queryByRole('dialog', { name: title })).toBeNull()
})

test('? typed into a field is text', async () => {
  await open()
  const field = screen.getByRole('searchbox')
  await fireEvent.keyDown(field, { key: '?', code: 'Slash', shiftKey: true })
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('what is ticked or chosen takes no text, so ? lists the shortcuts there, too', () => {
  const heeds = (html: string) => {
    document.body.innerHTML = html
    const event = new KeyboardEvent('keydown', { key: '?', code: 'Slash', shiftKey: true, bubbles: true })
    document.body.firstElementChild!.dispatchEvent(event)
    return pressed(event, 'keys')
  }
  for (const type of ['checkbox', 'radio', 'range', 'file', 'button']) expect([type, heeds(`<input type="${type}">`)]).toEqual([type, true])
  for (const html of ['<input>', '<input type="text">', '<input type="password">', '<input type="search">', '<textarea></textarea>']) expect([html, heeds(html)]).toEqual([html, false])
  document.body.innerHTML = ''
})

test('in the popup ? shows its keys beneath the card, and Esc takes first them away and then the card', async () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 32, 0) })
  const backend = await stage('popup-ringing-known')
  render(Popup)
  await tick()
  await vi.advanceTimersByTimeAsync(GUARD_MS)
  await fireEvent.pointerDown(document.body)
  await fireEvent.keyDown(document.body, { key: '?', code: 'Slash', shiftKey: true })
  expect(screen.getByRole('region', { name: 'Сочетания клавиш' })).toBeTruthy()
  await fireEvent.keyDown(document.body, { key: 'Escape', code: 'Escape' })
  expect(screen.queryByRole('region', { name: 'Сочетания клавиш' })).toBeNull()
  expect(backend.hidePopup).not.toHaveBeenCalled()
  await fireEvent.keyDown(document.body, { key: 'Escape', code: 'Escape' })
  expect(backend.hidePopup).toHaveBeenCalled()
})

test('a page is not left beneath a dialog', async () => {
  await open()
  await fireEvent.keyDown(document.body, { key: '?', code: 'Digit7', shiftKey: true })
  const before = router.current
  await fireEvent.keyDown(document.body, { key: '2', code: 'Digit2', ctrlKey: true })
  expect(router.current).toEqual(before)
})

test('? of a layout that has it on a digit picks nobody by that digit', () => {
  const question = new KeyboardEvent('keydown', { key: '?', code: 'Digit7', shiftKey: true })
  expect(pressed(question, 'keys')).toBe(true)
  expect(pressed(question, 'pick')).toBe(false)
  expect(pressed(new KeyboardEvent('keydown', { key: '7', code: 'Digit7' }), 'pick')).toBe(true)
})

test.each(['the window', 'its empty field'])('in the dial window ? in %s shows its keys', async (where) => {
  const backend = await stage('dial-empty')
  render(Dial)
  await tick()
  const target = where === 'the window' ? document.body : screen.getByRole('combobox')
  await fireEvent.keyDown(target, { key: '?', code: 'Slash', shiftKey: true })
  expect(screen.getByRole('region', { name: /Сочетания клавиш|Keyboard shortcuts/ })).toBeTruthy()
  await fireEvent.keyDown(document.body, { key: 'Escape', code: 'Escape' })
  expect(screen.queryByRole('region', { name: /Сочетания клавиш|Keyboard shortcuts/ })).toBeNull()
  expect(backend.hideDial).not.toHaveBeenCalled()
})
