import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

/** WCAG contrast over the tokens, with the pairs and limits of the design (README section 2). */
const css = readFileSync('src/styles/tokens.css', 'utf8')

function block(selector: string): Record<string, string> {
  const start = css.indexOf(selector)
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('\n}', start))
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)].map(([, name, value]) => [name, value]))
}

const light = block(':root {')
const THEMES = { light, dark: { ...light, ...block(':root[data-theme="dark"]') } }

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [bright, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (bright + 0.05) / (dim + 0.05)
}

const SURFACES = ['bg', 'bg-rail', 'bg-sunken', 'bg-raised', 'bg-hover', 'bg-selected']
const STATES = ['ring', 'talk', 'missed', 'ended']

const PAIRS: [string, string, number][] = [
  ...SURFACES.flatMap((surface): [string, string, number][] => [
    ['text', surface, 4.5],
    ['text-2', surface, 4.5],
    ['text-3', surface, 4.5],
    ['focus', surface, 3],
  ]),
  ...['bg', 'bg-raised', 'bg-sunken', 'bg-rail'].map((surface): [string, string, number] => ['accent-ink', surface, 4.5]),
  ['on-accent', 'accent', 4.5],
  ['on-talk', 'talk', 4.5],
  ...STATES.flatMap((state): [string, string, number][] => [
    [`${state}-ink`, `${state}-tint`, 4.5],
    [`${state}-ink`, 'bg', 4.5],
    [`on-${state}`, state, 3],
    [state, 'bg', 3],
    [state, `${state}-tint`, 3],
    ['text', `${state}-tint`, 4.5],
  ]),
  ['line-control', 'bg', 3],
  ['line-control', 'bg-raised', 3],
]

describe.each(Object.entries(THEMES))('%s', (_, tokens) => {
  test.each(PAIRS)('%s on %s is at least %d', (ink, surface, needed) => {
    const [a, b] = [tokens[ink], tokens[surface]]
    if (a === undefined || b === undefined) throw new Error(`no token ${ink} or ${surface}`)
    expect(contrast(a, b)).toBeGreaterThanOrEqual(needed)
  })
})

test('the computation agrees with known values', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})
