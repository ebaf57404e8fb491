/** Words for the codes that the back end sends. */
import type { CaseStatusView, HandsetView } from './backend'
import { m } from './m'

const STATUS: Record<CaseStatusView, () => string> = {
  open: m.common_status_open,
  waiting: m.common_status_waiting,
  closed: m.common_status_closed,
  other: m.common_status_other,
}

const HANDSET: Record<HandsetView, () => string> = {
  incoming: m.common_handset_incoming,
  outgoing: m.common_handset_outgoing,
  missed: m.common_handset_missed,
  calledBack: m.common_handset_called_back,
  unknown: m.common_handset_unknown,
  none: m.common_handset_none,
}

export function statusText(status: CaseStatusView): string {
  return STATUS[status]()
}

export function handsetText(handset: HandsetView): string {
  return HANDSET[handset]()
}
