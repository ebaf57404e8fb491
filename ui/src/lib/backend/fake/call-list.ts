/** The list of calls of a scene: filtered and sorted as the store does (`store/src/call_list.rs`). */
import type { CallsCount, CallsPage, CallsQuery, CallView } from '../types'

const MOST = 500
const DAY_MS = 86_400_000

/** Answers from these calls; what was asked last is remembered, as windows of it are asked for one after the other. */
export function callLister(): (calls: () => readonly CallView[], revision: number, extension: string, query: CallsQuery) => CallsPage {
  let last = { key: '', all: [] as readonly CallView[], rows: [] as CallView[][] }
  return (calls, revision, extension, query) => {
    const key = JSON.stringify({ ...query, revision, at: 0, count: 0, counted: true })
    if (key !== last.key) {
      const all = calls().filter((call) => call.phase === 'ended').sort((a, b) => b.offeredAt - a.offeredAt)
      last = { key, all, rows: rowsOf(all, extension, query) }
    }
    const { all, rows } = last
    return { rows: rows.slice(query.at, query.at + Math.min(MOST, query.count)), counted: query.counted ? counted(all, rows, query) : null }
  }
}

function rowsOf(calls: readonly CallView[], extension: string, query: CallsQuery): CallView[][] {
  const rows = (query.apart ? calls.map((call) => [call]) : grouped(calls)).filter(([call]) => call !== undefined && isWanted(call, extension, query))
  const { by, way } = order(query)
  const isLast = (call: CallView) => query.sort === 'name' && by(call) === ''
  return rows.sort(([a], [b]) => Number(isLast(a!)) - Number(isLast(b!)) || way * (by(a!) < by(b!) ? -1 : by(a!) > by(b!) ? 1 : 0))
}

/** Missed calls of one case in a row, on one day, are one. */
function grouped(calls: readonly CallView[]): CallView[][] {
  const rows: CallView[][] = []
  for (const call of calls) {
    const newer = rows.at(-1)?.at(-1)
    if (newer !== undefined && joins(newer, call)) rows.at(-1)!.push(call)
    else rows.push([call])
  }
  return rows
}

function joins(a: CallView, b: CallView): boolean {
  const missed = [a, b].every((call) => call.disposition === 'missed')
  return missed && a.case.type === 'linked' && b.case.type === 'linked' && a.case.caseId === b.case.caseId && dayOf(a) === dayOf(b)
}

function isWanted(call: CallView, extension: string, query: CallsQuery): boolean {
  if (query.direction !== null && call.direction !== query.direction) return false
  if (query.notCalledBack && (call.disposition !== 'missed' || call.talkedLater !== null)) return false
  if (query.from !== null && call.offeredAt < query.from) return false
  if (query.withoutCase && call.case.type !== 'none') return false
  if (query.line !== null && call.line !== query.line) return false
  if (query.mine && extension === '') return false
  return found(call, query.text)
}

function found(call: CallView, text: string): boolean {
  const user = call.caller.type === 'known' ? call.caller.user : null
  const filed = call.case.type === 'linked' ? [call.case.number, call.case.subject] : []
  const all = [user?.name, user?.company, call.pbxName, call.number.pretty, call.number.e164, ...filed].join('\n').toLowerCase()
  const digits = text.replace(/\D/g, '')
  if (digits.length >= 3 && !/[^\d\s()+-]/.test(text) && all.replace(/[^\d\n]/g, '').includes(digits)) return true
  return text.toLowerCase().split(/\s+/).every((word) => all.includes(word))
}

function order({ sort, ascending }: CallsQuery) {
  const by = {
    time: (call: CallView) => call.offeredAt,
    name: (call: CallView) => (call.caller.type === 'known' ? call.caller.user.name.toLowerCase().replaceAll('ё', 'е') : ''),
    phone: (call: CallView) => call.number.e164 ?? call.number.pretty,
    line: (call: CallView) => call.line ?? '',
    talk: (call: CallView) => (call.answeredAt === null ? -1 : (call.endedAt ?? 0) - call.answeredAt),
    case: (call: CallView) => (call.case.type === 'linked' ? Number(call.case.caseId) : 0),
  }[sort]
  return { by, way: ascending ? 1 : -1 }
}

function counted(all: readonly CallView[], rows: readonly CallView[][], { sort }: CallsQuery): CallsCount {
  const days: CallsCount['days'] = []
  for (const [call] of rows) {
    const day = days.at(-1)
    if (call === undefined) continue
    if (day !== undefined && (sort !== 'time' || dayOf(call) === Math.floor(local(day.at) / DAY_MS))) day.calls++
    else days.push({ at: call.offeredAt, calls: 1 })
  }
  const lines = [...new Set(all.map((call) => call.line).filter((line) => line !== null))].sort()
  return { days, kept: all.length, lines: lines.map((line) => ({ line, text: line })) }
}

const local = (at: number) => at - new Date(at).getTimezoneOffset() * 60_000

function dayOf(call: CallView): number {
  return Math.floor(local(call.offeredAt) / DAY_MS)
}
