/** The list of a person's cases, with the one that a call has just brought. */
import type { CallView, CaseRow, CaseStatusView } from '$lib/backend'

/**
 * What has been decided about calls since the list was read is known here: a case that waits or is closed by now must not
 * stand there as «открытое». What people decide meanwhile in Omnidesk is seen when the list is read again.
 */
export function withStatuses(rows: CaseRow[], calls: CallView[], decidedBefore: ReadonlySet<string>): CaseRow[] {
  const statuses = new Map<string, CaseStatusView>()
  // Oldest first: the last decision counts.
  for (const call of [...calls].sort((a, b) => (a.endedAt ?? Infinity) - (b.endedAt ?? Infinity))) {
    if (call.outcome === null || decidedBefore.has(decisionOf(call))) continue
    const status = call.outcome.undone ? (call.outcome.undo ?? call.outcome.status) : call.outcome.status
    if (call.case.type === 'linked' && status !== null) statuses.set(call.case.caseId, status)
    for (const { caseId, state } of call.outcome.closedMissed) if (state !== 'overruled') statuses.set(caseId, state === 'closed' ? 'closed' : 'open')
  }
  return rows.map((row) => ({ ...row, status: statuses.get(row.id) ?? row.status }))
}

/** Equal for one decision about one call; undoing is another one. */
export function decisionOf(call: CallView): string {
  return `${call.id} ${call.outcome?.status ?? ''} ${call.outcome?.undone ?? false}`
}

/** A case that came after the list was read goes on top, as this desk knows it; its status is known once the call is over. */
export function withCaseOf(call: CallView | null, rows: CaseRow[]): CaseRow[] {
  if (call === null || call.case.type !== 'linked' || call.case.attached) return rows
  const { caseId, number, subject } = call.case
  const status = call.outcome?.status ?? null
  if (status === null || rows.some((row) => row.id === caseId)) return rows
  const unanswered = call.disposition === 'unknown' ? 'unknown' : 'missed'
  const handset = call.direction === 'outbound' ? 'outgoing' : call.answeredAt === null ? unanswered : 'incoming'
  return [{ id: caseId, number, subject, status, handset, staff: null, updatedAt: call.endedAt, isCall: true, claim: null }, ...rows]
}
