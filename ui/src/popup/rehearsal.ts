/** Made-up calls for the rehearsal: each draws another part of the card. */
import type { CallView, CallerView, UserView } from '$lib/backend'

/** The letters and figures that names, numbers and times are made of. */
const NAME = 'Эльфийский Щуплый Цех, ёж'
const NUMBER = '+7 (921) 345-68-70'

const user = (id: string): UserView => ({
  id,
  name: NAME,
  email: 'mail@example.com',
  phones: [NUMBER],
  company: NAME,
  position: null,
  note: null,
  blocked: false,
  fields: [],
  linkedUnread: false,
})

/** As of a moment, ms since 1970; in the order of a call's life. */
export function rehearsedCalls(now: number): CallView[] {
  const lastCase = { id: '0', number: '000-000000', subject: NAME, status: 'waiting', handset: 'none', staff: null, updatedAt: now, isCall: false, claim: null } as const
  const known: CallerView = { type: 'known', user: user('0'), matched: 'exact', staleSince: null, lastCase }
  const filed: CallView['case'] = { type: 'linked', caseId: '0', number: '000-000000', subject: NAME, attached: false }
  const outcome = { rule: '', status: 'waiting', closedMissed: [], undo: 'open', undone: false, overruled: false } as const
  const call = (part: Partial<CallView>): CallView => ({
    id: 'rehearsal',
    direction: 'inbound',
    phase: 'ringing',
    disposition: null,
    number: { kind: 'external', pretty: NUMBER, e164: null, dial: null, extension: null },
    pbxName: null,
    line: NAME,
    offeredAt: now,
    answeredAt: null,
    endedAt: null,
    caller: known,
    among: null,
    case: { type: 'none' },
    draft: { subject: '', gist: '', savedAt: null, unsent: false },
    recording: 'none',
    transferredTo: null,
    transferredFrom: null,
    ringsAlsoAt: [],
    talkedLater: null,
    waiting: null,
    outcome: null,
    unseen: null,
    talkAtLeast: false,
    ordered: false,
    calledFrom: null,
    trouble: null,
    caseGone: false,
    elsewhere: false,
    labels: [],
    claim: null,
    ...part,
  })
  return [
    call({ caller: { type: 'lookingUp' } }),
    call({}),
    call({ caller: { type: 'unknown' }, pbxName: NAME }),
    call({ caller: { type: 'several', users: [user('0'), user('1')], staleSince: null } }),
    call({ direction: 'outbound', phase: 'dialing', ordered: true }),
    call({ phase: 'talking', answeredAt: now }),
    call({ phase: 'ended', disposition: 'answered', answeredAt: now, endedAt: now, case: filed, recording: 'waiting', outcome: { ...outcome, closedMissed: [], reason: 'answeredAndCreated' } }),
    call({ phase: 'ended', disposition: 'missed', endedAt: now, case: filed, outcome: { ...outcome, closedMissed: [], undo: null, status: 'open', reason: 'missed' } }),
  ]
}
