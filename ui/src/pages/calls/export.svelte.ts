/** The list of calls as a file for a spreadsheet: every call that the filters let through, read in bounded parts. */
import { asked } from '$lib/asked'
import { backend, type CallView } from '$lib/backend'
import { callName, callUser } from '$lib/calls'
import { CSV_BEGIN, csvRow, type Cell } from '$lib/csv'
import { phone } from '$lib/format'
import { m } from '$lib/m'
import { recordingText } from '$lib/outcome'
import { CSV_TYPE, saveText } from '$lib/save-text'
import type { Wanted } from './history.svelte'
import { directionWord, outcomeLines } from './outcome'
import { rowOf } from './rows'

/** So many calls are asked for at once. */
const PART = 500

const COLUMNS: readonly { text: () => string; cell: (call: CallView) => Cell }[] = [
  { text: m.calls_csv_begun, cell: (call) => stamp(call.offeredAt) },
  { text: m.calls_col_direction, cell: directionWord },
  { text: m.calls_col_client, cell: callName },
  { text: m.calls_csv_company, cell: (call) => callUser(call)?.company },
  { text: m.calls_col_phone, cell: (call) => (call.number.kind === 'withheld' ? '' : phone(call.number)) },
  { text: m.calls_col_line, cell: (call) => call.line },
  { text: m.calls_col_outcome, cell: (call) => wordOf(call) },
  { text: m.calls_csv_seconds, cell: (call) => (call.answeredAt === null || call.endedAt === null ? null : Math.round((call.endedAt - call.answeredAt) / 1000)) },
  { text: m.calls_col_case, cell: (call) => (call.case.type === 'linked' ? call.case.number : null) },
  { text: m.calls_csv_subject, cell: (call) => (call.case.type === 'linked' ? call.case.subject : null) },
  { text: m.calls_col_recording, cell: (call) => (call.recording === 'none' ? null : recordingText(call.recording)) },
]

export class Export {
  /** How many calls are read; null while nothing is saved. */
  read = $state<number | null>(null)
  /** They could not be read. */
  failed = $state(false)
  #stopped = false

  /** Oldest first: a call that ends meanwhile comes behind, and moves none. */
  async save(wanted: Wanted): Promise<void> {
    if (this.read !== null) return
    this.read = 0
    this.failed = false
    this.#stopped = false
    const parts = [CSV_BEGIN + csvRow(COLUMNS.map(({ text }) => text()))]
    const saved = await this.#readAll(wanted, parts)
    this.read = null
    if (saved) saveText(m.calls_csv_name(), parts, CSV_TYPE)
  }

  stop(): void {
    this.#stopped = true
  }

  async #readAll(wanted: Wanted, parts: string[]): Promise<boolean> {
    for (;;) {
      const at: number = this.read ?? 0
      const answer = await asked(() => backend().callList({ ...wanted, sort: 'time', ascending: true, at, count: PART, counted: false, apart: true }))
      if (this.#stopped) return false
      if (answer.status === 'error') {
        this.failed = true
        return false
      }
      const calls = answer.data.rows.flat()
      parts.push(calls.map((call) => csvRow(COLUMNS.map(({ cell }) => cell(call)))).join(''))
      this.read = at + answer.data.rows.length
      if (answer.data.rows.length < PART) return true
    }
  }
}

function wordOf(call: CallView): string {
  const row = rowOf([call], [])
  return row === null ? '' : outcomeLines(row, 0).word
}

/** As spreadsheets read a moment, by this computer's clock. */
function stamp(at: number): string {
  const of = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [of.getFullYear(), of.getMonth() + 1, of.getDate()].map(two).join('-')
  return `${day} ${[of.getHours(), of.getMinutes(), of.getSeconds()].map(two).join(':')}`
}
