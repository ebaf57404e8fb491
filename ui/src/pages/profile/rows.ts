/** The list of a person's cases, with the one that a call has just brought. */
import type { CallView, CaseRow } from '$lib/backend'

/** A case that came after the list was read goes on top, as this desk knows it; its status is known once the call is over. */
export function withCaseOf(call: CallView | null, rows: CaseRow[]): CaseRow[] {
  if (call === null || call.case.type !== 'linked' || call.case.attached) return rows
  const { caseId, number, subject } = call.case
  const status = call.outcome?.status ?? null
  if (status === null || rows.some((row) => row.id === caseId)) return rows
  const handset = call.direction === 'outbound' ? 'outgoing' : call.answeredAt === null ? 'missed' : 'incoming'
  return [{ id: caseId, number, subject, status, handset, staff: null, updatedAt: call.endedAt, isCall: true }, ...rows]
}
