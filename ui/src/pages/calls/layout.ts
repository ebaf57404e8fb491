/**
 * Where the rows of a long list stand. All are of one height, but for the headings of days and what a row tells more of; only
 * those in sight are drawn, and what is above and below them is an empty row of the right height.
 */

/** What has a heading of its own, in the order of the list. */
export interface Section {
  /** A moment of the day; null where there is no heading. */
  day: number | null
  rows: number
}

/** Heights, px. */
export interface Heights {
  row: number
  day: number
  /** What is told more of a row, and of which. */
  more: { place: number; height: number } | null
}

export type Item = { type: 'gap'; height: number } | { type: 'day'; at: number; index: number } | { type: 'row'; place: number; index: number }

export class Layout {
  readonly rows: number
  #sections: readonly Section[]
  #heights: Heights
  /** The first place of each section. */
  #firsts: number[] = []

  constructor(sections: readonly Section[], heights: Heights) {
    this.#sections = sections.filter(({ rows }) => rows > 0)
    this.#heights = heights
    let rows = 0
    for (const section of this.#sections) {
      this.#firsts.push(rows)
      rows += section.rows
    }
    this.rows = rows
  }

  /** How many rows there are with the headings. */
  get lines(): number {
    return this.rows + this.#headsBefore(this.rows)
  }

  get height(): number {
    return this.top(this.rows)
  }

  /** Where a row begins, below its heading; behind the last one, where the list ends. */
  top(place: number): number {
    const { row, day, more } = this.#heights
    return place * row + this.#headsBefore(place) * day + (more !== null && place > more.place ? more.height : 0)
  }

  /** The row at a height; the first or the last where there is none. */
  at(y: number): number {
    let [low, high] = [0, Math.max(0, this.rows - 1)]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.top(middle) <= y) low = middle
      else high = middle - 1
    }
    return low
  }

  /** What is drawn: these rows in their order, the headings among them, and what takes the place of the rest. */
  items(places: readonly number[]): Item[] {
    const items: Item[] = []
    let y = 0
    const gap = (to: number) => {
      if (to > y) items.push({ type: 'gap', height: to - y })
    }
    for (const place of places) {
      const section = this.#sectionOf(place)
      const { day = null } = this.#sections[section] ?? {}
      const top = this.top(place)
      const isFirst = day !== null && this.#firsts[section] === place
      gap(isFirst ? top - this.#heights.day : top)
      const index = place + this.#headsBefore(place)
      if (isFirst) items.push({ type: 'day', at: day, index: index - 1 })
      items.push({ type: 'row', place, index })
      y = this.top(place) + this.#heights.row + (this.#heights.more?.place === place ? this.#heights.more.height : 0)
    }
    gap(this.height)
    return items
  }

  /** Headings above a row, its own included. */
  #headsBefore(place: number): number {
    if (this.#sections[0] === undefined || this.#sections[0].day === null) return 0
    return Math.min(this.#sections.length, this.#sectionOf(place) + 1)
  }

  #sectionOf(place: number): number {
    let [low, high] = [0, this.#firsts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#firsts[middle] ?? 0) <= place) low = middle
      else high = middle - 1
    }
    return low
  }
}
