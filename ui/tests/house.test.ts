import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SCENES } from '$lib/backend/fake'

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const sources = files('src').filter((file) => !file.includes('paraglide'))
const read = (file: string) => readFileSync(file, 'utf8')

describe('messages', () => {
  const areas = readdirSync('messages/ru')
  const load = (language: string, area: string) => JSON.parse(read(`messages/${language}/${area}`)) as Record<string, unknown>
  const parameters = (message: unknown) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort()

  test('both languages have the same areas', () => {
    expect(readdirSync('messages/en')).toEqual(areas)
  })

  test.each(areas)('%s has the same keys and parameters in both languages', (area) => {
    const [ru, en] = [load('ru', area), load('en', area)]
    expect(Object.keys(en).sort()).toEqual(Object.keys(ru).sort())
    for (const key of Object.keys(ru)) expect([key, parameters(en[key])]).toEqual([key, parameters(ru[key])])
  })

  test('every area is compiled', () => {
    const settings = read('project.inlang/settings.json')
    for (const area of areas) expect(settings).toContain(`/${area}"`)
  })

  test('every Russian plural has the forms one, few and the rest', () => {
    for (const area of areas) {
      for (const [key, message] of Object.entries(load('ru', area))) {
        const plural = JSON.stringify(message)
        if (plural.includes(': plural')) expect([key, ...['form=one', 'form=few', 'form=*'].filter((form) => !plural.includes(form))]).toEqual([key])
      }
    }
  })

  test('no key is without use', () => {
    const code = sources.map(read).join('\n')
    const unused = areas.flatMap((area) => Object.keys(load('ru', area))).filter((key) => !new RegExp(`m\\.${key}\\b`).test(code))
    expect(unused).toEqual([])
  })
})

test('only the back end folder knows the desktop framework', () => {
  const importing = sources.filter((file) => /from ["']@tauri-apps/.test(read(file)) || /import\(["']@tauri-apps/.test(read(file)))
  expect(importing.filter((file) => !file.startsWith('src/lib/backend/'))).toEqual([])
})

test('the strict CSP is kept: no style attributes, no raw HTML, no evaluated code', () => {
  for (const file of sources.filter((file) => file.endsWith('.svelte'))) {
    expect([file, /\sstyle=|\{@html|\beval\(|new Function/.exec(read(file))?.[0]]).toEqual([file, undefined])
  }
  for (const page of ['index.html', 'popup.html']) expect(read(page)).not.toMatch(/style=|<style|onclick|<script>/)
})

test('tooltips are our own: no element has the system\'s, which stays over what is beneath', () => {
  const titled = /<[a-z][^<>]*?\s(title=|\{title\})/
  for (const file of sources.filter((file) => file.endsWith('.svelte'))) {
    const markup = read(file).split('</script>').at(-1)!.replaceAll('=>', '')
    expect([file, titled.exec(markup)?.[0]]).toEqual([file, undefined])
  }
  const scripts = sources.filter((file) => /\.(svelte|ts)$/.test(file))
  expect(scripts.filter((file) => /setAttribute\(['"]title|\.title = /.test(read(file)))).toEqual([])
})

test('texts from outside in one line are put together in one way, which keeps their directions apart', () => {
  const texts = sources.filter((file) => /\.(svelte|ts)$/.test(file) && !file.includes('/backend/') && file !== 'src/lib/bidi.ts')
  // Joined, or a name put beside a sign by hand. What a text field begins with is typed on and has no marks.
  const byHand = /^(?!.*untrack\().*(\.join\(['"`]\s*[·,;:.–—-]\s+['"`]\)|`[^`]*\$\{(userName|callName|whom)\()/m
  for (const file of texts) expect([file, byHand.exec(read(file))?.[0]]).toEqual([file, undefined])
})

test('colours come from tokens', () => {
  for (const file of sources.filter((file) => file.endsWith('.svelte'))) {
    expect([file, /#[0-9a-f]{3,8}\b(?=[;\s)])|rgb\(/i.exec(read(file).split('<style>')[1] ?? '')?.[0]]).toEqual([file, undefined])
  }
})

describe('nothing moves for longer than a few seconds', () => {
  const LONGEST_S = 6
  const tokens = new Map([...read('src/styles/tokens.css').matchAll(/(--[\w-]+):\s*([^;]+);/g)].reverse().map(([, name, value]) => [name!, value!.trim()]))
  const plain = (value: string): string => value.replace(/var\((--[\w-]+)\)/g, (_, name: string) => tokens.get(name) ?? name)
  const styles = sources.filter((file) => /\.(svelte|css)$/.test(file))

  /** How long an `animation` goes on, in seconds. */
  const lasts = (value: string): number => {
    const words = plain(value).split(/[\s,]+/)
    const times = words.filter((word) => /^[\d.]+m?s$/.test(word)).map((word) => parseFloat(word) / (word.endsWith('ms') ? 1000 : 1))
    const turns = words.includes('infinite') ? Infinity : Number(words.find((word) => /^[\d.]+$/.test(word)) ?? 1)
    return (times[0] ?? 0) * turns + (times[1] ?? 0)
  }

  test('how long it lasts is read from what stands there', () => {
    expect(lasts('turn 1s linear infinite')).toBe(Infinity)
    expect(lasts('turn 1600ms linear 2 100ms')).toBeCloseTo(3.3)
    expect(lasts('turn var(--t-pulse) linear var(--turns)')).toBeCloseTo(4.8)
  })

  test.each(styles)('%s', (file) => {
    const text = read(file)
    const long = [...text.matchAll(/\banimation:\s*([^;]+);/g)].filter(([, value]) => lasts(value!) > LONGEST_S)
    expect(long.map(([all]) => all)).toEqual([])
    // What is not said in one declaration cannot be added up here.
    expect(text.match(/animation-iteration-count:(?!\s*1\b)[^;]+|animation-duration:(?!\s*0s)[^;]+|\binfinite\b|<animate/g)).toBeNull()
  })

  test('scripts draw no frames of their own, and only the clock ticks', () => {
    const scripts = sources.filter((file) => /\.(svelte|ts)$/.test(file) && !file.includes('/fake/'))
    const those = (pattern: RegExp) => scripts.filter((file) => pattern.test(read(file)))
    expect(those(/\bsetInterval\(/)).toEqual(['src/lib/clock.svelte.ts'])
    expect(those(/\.animate\(|svelte\/(transition|animate|motion)/)).toEqual([])
  })
})

test('the lock file names no registry', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"')
})

test('every scene of the stand-in can be made', () => {
  for (const [name, make] of Object.entries(SCENES)) expect([name, make().view.revision]).toEqual([name, 1])
})
