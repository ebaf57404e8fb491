/** Ways from the popup into the workspace. */
import { backend, type CallView } from '$lib/backend'

export function openProfile(call: CallView): void {
  if (call.caller.type === 'known') void backend().openRoute({ page: 'profile', user: call.caller.user.id, call: call.id })
}

/** To choose the case that the call is attached to. */
export function openAttach(call: CallView): void {
  if (call.caller.type === 'known') void backend().openRoute({ page: 'attach', user: call.caller.user.id, call: call.id })
}

export function openCompose(call: CallView): void {
  void backend().openRoute({ page: 'compose', call: call.id })
}

export function openSearch(call: CallView): void {
  void backend().openRoute({ page: 'search', call: call.id })
}

/** The call's case, or the one it was dialled from while it has none (S18). */
export function caseOf(call: CallView): string | null {
  return call.case.type === 'linked' ? call.case.caseId : call.calledFrom
}

export function openCase(call: CallView): void {
  const id = caseOf(call)
  if (id !== null) openCaseById(id, call)
}

export function openCaseById(id: string, call: CallView): void {
  void backend().openRoute({ page: 'case', case: id, call: call.id })
}
