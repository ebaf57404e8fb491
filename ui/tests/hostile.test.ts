/** Hostile texts in every place of every screen that shows what others wrote: text stays text, and links lead to the web only. */
import { readFileSync } from 'node:fs'
import { cleanup, render } from '@testing-library/svelte'
import { tick, type Component } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import Dial from '../src/dial/Dial.svelte'
import Calls from '../src/pages/Calls.svelte'
import Case from '../src/pages/Case.svelte'
import Outbox from '../src/pages/Outbox.svelte'
import Profile from '../src/pages/Profile.svelte'
import Popup from '../src/popup/Popup.svelte'
import { scene, stage } from './stage'

type Entry = { name: string } & ({ text: string } | { piece: string; times: number })

/** The one list of all tests. */
const LIST = JSON.parse(readFileSync('../src-tauri/crates/hostile/hostile.json', 'utf8')) as Entry[]
const TEXTS = LIST.map((entry) => ({ name: entry.name, text: 'text' in entry ? entry.text : entry.piece.repeat(entry.times) }))

/** What others write; codes, ids and moments are the back end's own. */
const FOREIGN = new Set(['name', 'company', 'position', 'note', 'subject', 'text', 'pretty', 'pbxName', 'email', 'queue', 'line', 'value', 'title', 'staff', 'fileName', 'author', 'group', 'phones', 'labels', 'gist', 'code'])

function poisoned<T>(value: T, text: string, key = ''): T {
  if (typeof value === 'string') return (FOREIGN.has(key) ? text : value) as T
  if (Array.isArray(value)) return value.map((item) => poisoned(item, text, key) as unknown) as T
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poisoned(item, text, name) as unknown])) as T
  }
  return value
}

const SCREENS: [string, Component][] = [
  ['popup-ringing-known', Popup as Component],
  ['popup-ringing-several', Popup as Component],
  ['popup-missed', Popup as Component],
  ['ws-profile', Profile as Component],
  ['ws-calls', Calls as Component],
  ['ws-outbox', Outbox as Component],
  ['dial-empty', Dial as Component],
  ['ws-case-done', Case as Component],
]

/** Elements that run or load something, and attributes that do. */
const RUNS = 'script, iframe, object, embed, form[action], base, meta, link, [onload], [onerror], [onclick], [srcdoc]'

afterEach(cleanup)

test.each(SCREENS)('%s shows any text as text', { timeout: 60_000 }, async (name, Screen) => {
  for (const { name: what, text } of TEXTS) {
    const base = scene(name)
    const { overrides, ...data } = base
    await stage({ ...poisoned(data, text), ...(overrides === undefined ? {} : { overrides }) })
    if (base.route !== undefined) router.reset(base.route)
    const { container } = render(Screen, { ...base.route })
    await new Promise((done) => setTimeout(done))
    await tick()
    await tick()
    expect([what, [...container.querySelectorAll(RUNS)].map((element) => element.outerHTML.slice(0, 80))]).toEqual([what, []])
    expect([what, [...container.querySelectorAll('[title]')].map((element) => element.outerHTML.slice(0, 80))]).toEqual([what, []])
    for (const link of container.querySelectorAll('a[href]')) expect([what, link.getAttribute('href')]).toEqual([what, expect.stringMatching(/^(https?:\/\/|mailto:|#)/)])
    for (const image of container.querySelectorAll('img[src], audio[src], video[src]')) {
      expect([what, image.getAttribute('src')]).toEqual([what, expect.stringMatching(/^(blob:|data:audio\/)/)])
    }
    expect({}).not.toHaveProperty('admin')
    // They stand there: nothing is shown to be harmless by not being shown.
    if (what === 'SQL' && name !== 'dial-empty') expect(document.body.textContent).toContain(text)
    cleanup()
    desk.reset()
  }
})
