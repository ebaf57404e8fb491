/** Ways from the popup into the workspace. */
import { backend, type CallView } from '$lib/backend'

export function openProfile(call: CallView): void {
  if (call.caller.type === 'known') void backend().openRoute({ page: 'profile', user: call.caller.user.id, call: call.id })
}

export function openCompose(call: CallView): void {
  void backend().openRoute({ page: 'compose', call: call.id })
}

export function openSearch(call: CallView): void {
  void backend().openRoute({ page: 'search', call: call.id })
}

export function openCase(call: CallView): void {
  if (call.case.type === 'linked') void backend().openRoute({ page: 'case', case: call.case.caseId, call: call.id })
}
