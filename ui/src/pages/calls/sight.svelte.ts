/** Which part of a long list is in sight: how far its page is scrolled, and how high rows are. */
import type { Attachment } from 'svelte/attachments'

/** Where nothing has a size yet, px. */
const USUAL = { row: 46, day: 30, height: 800 }
/** So many rows are drawn above and below what is in sight. */
const SPARE = 8

export class Sight {
  /** The list's heights that are in sight, px from its first row. */
  top = $state(0)
  #height = $state(USUAL.height)
  /** How high a row and a day's heading are, px. */
  row = $state(USUAL.row)
  day = $state(USUAL.day)
  readonly spare = SPARE
  /** The narrowest that names are shown, and the column of glyphs, px. */
  readonly client = 168
  readonly kind = 40
  #page: HTMLElement | null = null
  #table: HTMLTableElement | null = null

  get bottom(): number {
    return this.top + this.#height
  }

  /** Rows that are in sight at once. */
  get page(): number {
    return Math.max(1, Math.floor((this.#height - this.#headed()) / this.row) - 1)
  }

  /** The table, in the page that scrolls it. */
  readonly follow: Attachment<HTMLTableElement> = (table) => {
    this.#table = table
    this.#page = pageOf(table)
    const look = () => this.#look()
    const grown = new ResizeObserver(look)
    grown.observe(table)
    if (this.#page !== null) grown.observe(this.#page)
    this.#page?.addEventListener('scroll', look, { passive: true })
    look()
    return () => {
      grown.disconnect()
      this.#page?.removeEventListener('scroll', look)
    }
  }

  /** Scrolls as little as it takes to see a row; `above` is what else is to be seen above it. */
  show(top: number, above: number): void {
    if (this.#page === null) return
    const begins = top - above
    const ends = top + this.row
    if (begins < this.top) this.scrollBy(begins - this.top)
    else if (ends > this.bottom) this.scrollBy(ends - this.bottom)
  }

  scrollBy(by: number): void {
    if (this.#page === null) return
    this.#page.scrollTop += by
    this.#look()
  }

  #look() {
    const [page, table] = [this.#page, this.#table]
    if (page === null || table === null) return
    const height = (element: Element | null | undefined, usual: number) => element?.getBoundingClientRect().height || usual
    this.row = height(table.querySelector('tr[data-row], tr.waits'), this.row)
    this.day = height(table.querySelector('tr.day'), this.day)
    const begins = table.getBoundingClientRect().top + this.#headed()
    // The headings of the columns stay above the rows.
    this.top = page.getBoundingClientRect().top + this.#headed() - begins
    this.#height = page.clientHeight === 0 ? USUAL.height : Math.max(0, page.clientHeight - this.#headed())
  }

  /** How high the headings of the columns are. */
  #headed(): number {
    return this.#table?.tHead?.getBoundingClientRect().height ?? 0
  }
}

/** The nearest part of the page that scrolls. */
function pageOf(element: Element): HTMLElement | null {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    const { overflowY } = getComputedStyle(at)
    if (overflowY === 'auto' || overflowY === 'scroll') return at
  }
  return document.documentElement
}
