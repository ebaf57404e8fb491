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

test('colours come from tokens', () => {
  for (const file of sources.filter((file) => file.endsWith('.svelte'))) {
    expect([file, /#[0-9a-f]{3,8}\b(?=[;\s)])|rgb\(/i.exec(read(file).split('<style>')[1] ?? '')?.[0]]).toEqual([file, undefined])
  }
})

test('the lock file names no registry', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"')
})

test('every scene of the stand-in can be made', () => {
  for (const [name, make] of Object.entries(SCENES)) expect([name, make().view.revision]).toEqual([name, 1])
})
