/** Where the bars of a chart stand. Pure: counts in, places in px out. */
import type { CountsView } from '$lib/backend'

/** One bar, in three parts from the bottom up. */
export interface Bar {
  /** Below the axis. */
  label: string
  /** In a sentence and a table. */
  name: string
  counts: CountsView
}

export interface Part {
  kind: keyof CountsView
  y: number
  height: number
}

export interface Placed {
  bar: Bar
  /** The middle. */
  x: number
  parts: Part[]
  /** Where the bar ends. */
  top: number
  total: number
  labelled: boolean
}

export interface Chart {
  width: number
  lines: { y: number; value: number }[]
  bars: Placed[]
  barWidth: number
  /** There is room for a figure above each bar. */
  figures: boolean
}

export const HEIGHT = 164
/** The axis, with its labels below. */
export const BASE = 140
export const LEFT = 30
const TOP = 20
const GAP = 1.5
const WIDEST = 26
/** So much of its place a bar takes. */
const SHARE = 0.6
/** A sign of a label with what parts it from the next, and a figure of three digits, in px. */
const SIGN = 7
const APART = 8
const FIGURE = 24
const KINDS = ['incoming', 'outgoing', 'missed'] as const

export const all = (counts: CountsView): number => counts.incoming + counts.outgoing + counts.missed

/** Even steps of 1, 2, 5, 10, 20, … up to at least `most`; three or four of them. */
export function scale(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 4) / 4))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step * 4 >= most) ?? power
  const count = Math.max(1, Math.ceil(most / step))
  return Array.from({ length: count + 1 }, (_, i) => i * step)
}

export function place(bars: Bar[], width: number): Chart {
  const values = scale(Math.max(0, ...bars.map((bar) => all(bar.counts))))
  const most = values.at(-1) ?? 1
  const height = (count: number) => (count / most) * (BASE - TOP)
  const each = (width - LEFT) / Math.max(1, bars.length)
  const widest = Math.max(0, ...bars.map((bar) => bar.label.length * SIGN + APART))
  const every = Math.max(1, Math.ceil(widest / each))
  return {
    width,
    lines: values.map((value) => ({ y: BASE - height(value), value })),
    barWidth: Math.min(WIDEST, each * SHARE),
    figures: each >= FIGURE,
    bars: bars.map((bar, i) => {
      let top = BASE
      const parts: Part[] = []
      for (const kind of KINDS) {
        const whole = height(bar.counts[kind])
        if (whole === 0) continue
        top -= whole
        // A line between the parts, where they are high enough for one.
        parts.push({ kind, y: top, height: Math.max(whole - GAP, Math.min(whole, 1)) })
      }
      return { bar, x: LEFT + each * (i + 0.5), parts, top, total: all(bar.counts), labelled: i % every === 0 }
    }),
  }
}

/** The busiest bar; none where there were no calls. */
export function busiest(bars: Bar[]): Bar | null {
  const most = bars.reduce<Bar | null>((best, bar) => (best === null || all(bar.counts) > all(best.counts) ? bar : best), null)
  return most === null || all(most.counts) === 0 ? null : most
}
