/**
 * Tables as CSV (RFC 4180) that a spreadsheet opens and does not run. What stands in a cell may come from a stranger, and a
 * spreadsheet takes a text with a sign such as `=` before it for a formula: a quote before the sign makes it a text again.
 * Begins with a byte order mark, without which spreadsheets misread letters that are not Latin.
 */
import { bare } from './bidi'

/** A number of ours stands as it is; nothing is an empty cell. */
export type Cell = string | number | null | undefined

/** Before the header, once a file. */
export const CSV_BEGIN = '\uFEFF'

const CELL = ','
const ROW = '\r\n'
/** What begins a formula, also behind blanks and signs that nobody sees, and in the wide forms of East Asian keyboards. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\u2212]|^[\t\r\n]/u
/** What cannot stand in a cell without quotes. */
const QUOTED = /[",\r\n]|^\s|\s$/

/** One line, with its end. */
export function csvRow(cells: readonly Cell[]): string {
  return cells.map(cellText).join(CELL) + ROW
}

/** A whole table. One that is long is put together of {@link CSV_BEGIN} and {@link csvRow}s, part by part. */
export function csv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  let out = CSV_BEGIN + csvRow(header)
  for (const row of rows) out += csvRow(row)
  return out
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  const text = harmless(bare(cell).replaceAll('\0', ''))
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}
