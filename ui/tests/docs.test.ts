/** The pages for administrators: Russian and English in step, links that lead somewhere, and the assistant's own words. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { TestLine, TroubleView } from '$lib/backend'
import { setLanguage } from '$lib/i18n.svelte'
import { failedText, linkTrouble, OMNIDESK_STEPS, type Side, type Subject } from '$lib/link-trouble'
import { VENDORS } from '$lib/backend/fake/vendors'

const DOCS = '../docs'
const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'))
const read = (path: string) => readFileSync(path, 'utf8')

afterEach(() => setLanguage('ru'))

/** A page's lines, told apart: what is to be pasted is indented, deeper within a list. */
function lines(text: string): { line: string; pasted: boolean }[] {
  let inList = false
  return text.split('\n').map((line) => {
    const indent = line.search(/\S/)
    if (indent === 0) inList = /^(-|\*|\d+\.) /.test(line)
    return { line, pasted: indent >= (inList ? 8 : 4) }
  })
}

const prose = (text: string) => lines(text).filter(({ pasted }) => !pasted).map(({ line }) => line)
const code = (text: string) => lines(text).filter(({ pasted }) => pasted).map(({ line }) => line)
const headings = (text: string) => prose(text).filter((line) => /^#+ /.test(line))
const levels = (text: string) => headings(text).map((line) => line.indexOf(' '))
const tableRows = (text: string) => prose(text).filter((line) => /^\s*\|/.test(line)).map((line) => line.split(/(?<!\\)\|/).length)
const listItems = (text: string) => prose(text).filter((line) => /^\s*(-|\*|\d+\.) /.test(line)).length

/** As the hosting sites make an anchor of a heading. */
const anchor = (heading: string) => heading.replace(/^#+ /, '').toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').trim().replaceAll(' ', '-')

describe.each(pages)('%s', (name) => {
  const [english, russian] = [join(DOCS, name), join(DOCS, 'ru', name)]

  test('is there in Russian, with the same headings, tables, lists and things to paste', () => {
    expect(existsSync(russian), russian).toBe(true)
    const [en, ru] = [read(english), read(russian)]
    expect(levels(ru)).toEqual(levels(en))
    expect(tableRows(ru)).toEqual(tableRows(en))
    expect(listItems(ru)).toBe(listItems(en))
    expect(code(ru)).toEqual(code(en))
  })

  test('the Russian page is in Russian, the English one in English', () => {
    const cyrillic = (line: string) => /\p{Script=Cyrillic}/u.test(line.replace(/«[^»]*»/g, ''))
    expect(headings(read(russian)).filter((line) => !cyrillic(line) && !/MikoPBX|FreePBX/.test(line))).toEqual([])
    expect(headings(read(english)).filter(cyrillic)).toEqual([])
  })

  test.each([english, russian])('the links of %s lead somewhere', (path) => {
    const links = [...prose(read(path)).join('\n').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!).filter((link) => !/^https?:/.test(link))
    const dead = links.filter((link) => {
      const [file = '', part] = link.split('#')
      const target = file === '' ? path : normalize(join(dirname(path), file))
      return !existsSync(target) || (part !== undefined && !headings(read(target)).some((heading) => anchor(heading) === part))
    })
    expect(dead).toEqual([])
  })
})

test('no page is in Russian alone', () => {
  expect(readdirSync(join(DOCS, 'ru')).filter((name) => name.endsWith('.md')).sort()).toEqual([...pages].sort())
})

/** Every title with which the assistant can say that something does not work. */
function titles(): Set<string> {
  const said = new Set<string>()
  const subject = (side: Side, vendor = ''): Subject => ({ host: side === 'pbx' ? 'pbx.example' : 'company.omnidesk.ru', extension: '101', context: 'from-internal', email: 'anna@company.ru', vendor })
  const source = read('../src-tauri/crates/engine/src/view/desk.rs')
  const body = /pub enum TroubleView \{([^}]*)\}/.exec(source)?.[1] ?? ''
  const troubles = [...body.matchAll(/^\s*([A-Z]\w*),/gm)].map((match) => (match[1]!.charAt(0).toLowerCase() + match[1]!.slice(1)) as TroubleView)
  expect(troubles.length).toBeGreaterThan(20)
  for (const trouble of troubles) {
    for (const side of ['pbx', 'omnidesk'] as const) {
      said.add(linkTrouble(side, trouble, subject(side)).title)
      for (const step of side === 'pbx' ? VENDORS.flatMap((vendor) => vendor.steps) : OMNIDESK_STEPS) {
        const line: TestLine = { step, outcome: 'failed', ms: null, trouble, details: null, address: null }
        said.add(failedText(side, line, subject(side)).title)
      }
    }
    said.add(linkTrouble('pbx', trouble, subject('pbx', 'feed')).title)
  }
  return said
}

test.each([
  ['ru', join(DOCS, 'ru/troubleshooting.md')],
  ['en', join(DOCS, 'troubleshooting.md')],
])('every message of the assistant is in the table, word for word (%s)', (language, path) => {
  setLanguage(language)
  const page = read(path)
  expect([...titles()].filter((title) => !page.includes(`| ${title} |`))).toEqual([])
})

test.each(['install.md', 'ru/install.md'])('every key of the office’s file is explained in %s', (name) => {
  const source = read('../src-tauri/crates/engine/src/settings.rs')
  const body = /pub struct Settings \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  const keys = [...body.matchAll(/^ {4}pub (\w+):/gm)].map((match) => match[1]!.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())).filter((key) => key !== 'machine')
  expect(keys.length).toBeGreaterThan(15)
  const table = prose(read(join(DOCS, name))).filter((line) => line.startsWith('|')).join('\n')
  expect(keys.filter((key) => !table.includes(`\`${key}\``))).toEqual([])
})
