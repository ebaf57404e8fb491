/** The case page. */
import { CALLED_BACK_PAGE, DMITRY, DONE_PAGE, EARLIER_PAGE, GIST, LIVE_PAGE, MISSED_PAGE } from '../cases'
import { KATYA, KATYA_PROFILE, LAST_CASE } from '../people'
import { refused } from '../backend'
import { ago, call, desk, outcome, outside, type Scene } from '../scene'
import type { CallView, CasePageView, ClaimView, OutboxRow, Route } from '../../types'
import { owed } from './calls'

const KNOWN: CallView['caller'] = { type: 'known', user: KATYA, matched: 'exact', staleSince: null, lastCase: LAST_CASE }
const LINKED: CallView['case'] = {
  type: 'linked',
  caseId: LIVE_PAGE.case.id,
  number: LIVE_PAGE.case.number,
  subject: LIVE_PAGE.case.subject,
  attached: false,
}

const talking = (part: Partial<CallView> = {}): CallView =>
  call({
    phase: 'talking',
    offeredAt: ago(230),
    answeredAt: ago(221),
    recording: 'expected',
    caller: KNOWN,
    draft: { subject: LIVE_PAGE.case.subject, gist: GIST, savedAt: ago(205), unsent: false },
    ...part,
  })

const ended = (part: Partial<CallView> = {}): CallView =>
  talking({
    phase: 'ended',
    disposition: 'answered',
    offeredAt: ago(290),
    answeredAt: ago(282),
    endedAt: ago(30),
    case: LINKED,
    recording: 'attached',
    outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated', undo: 'open' }),
    ...part,
  })

const route = (page: CasePageView, callId: string | null = 'call-1'): Route => ({ page: 'case', case: page.case.id, call: callId })

const scene = (page: CasePageView, calls: CallView[], rest: Partial<Scene> = {}, outbox: OutboxRow[] = []): Scene => ({
  view: desk({ calls, outbox }),
  route: route(page),
  cases: [page],
  profiles: [KATYA_PROFILE],
  ...rest,
})

/** The message of the call without its file, as long as the recording is on its way. */
const withoutFile: CasePageView = {
  ...DONE_PAGE,
  messages: DONE_PAGE.messages.slice(0, 1).map((message) => ({ ...message, attachments: [] })),
}

const DMITRYS = { number: outside('+7 (916) 555-01-15'), caller: { type: 'known', user: DMITRY, matched: 'exact', staleSince: null, lastCase: null } } as const
const IN_MISSED: CallView['case'] = {
  type: 'linked',
  caseId: MISSED_PAGE.case.id,
  number: MISSED_PAGE.case.number,
  subject: MISSED_PAGE.case.subject,
  attached: true,
}

const missed = (): CallView =>
  call({
    ...DMITRYS,
    id: 'missed-1',
    phase: 'ended',
    disposition: 'missed',
    offeredAt: ago(1500),
    endedAt: ago(1477),
    case: { ...IN_MISSED, attached: false },
    outcome: outcome({ rule: 'S31', status: 'open', reason: 'missed' }),
  })

/** Called from the missed-call case (S18). */
const back = (part: Partial<CallView> = {}): CallView =>
  call({ ...DMITRYS, id: 'back', direction: 'outbound', phase: 'dialing', ordered: true, calledFrom: MISSED_PAGE.case.id, line: null, offeredAt: ago(12), ...part })

const attempt = (part: Partial<CallView> = {}): CallView =>
  back({
    phase: 'ended',
    disposition: 'noAnswer',
    offeredAt: ago(600),
    endedAt: ago(569),
    case: IN_MISSED,
    outcome: outcome({ rule: 'S32', status: null, reason: 'attemptNoted' }),
    ...part,
  })

const fromMissed = (...calls: CallView[]): Scene => scene(MISSED_PAGE, [...calls, missed()], { route: route(MISSED_PAGE, null) })

export const scenes: Record<string, () => Scene> = {
  'ws-case-live': () => scene(LIVE_PAGE, [talking({ case: LINKED })]),
  'ws-case-live-untold': () =>
    scene({ ...LIVE_PAGE, messages: [] }, [talking({ case: LINKED })], {}, [owed({ id: 'o1', call: 'call-1', what: 'message' })]),
  'ws-case-new': () => scene(LIVE_PAGE, [talking({ case: LINKED })], { overrides: { casePage: () => new Promise(() => undefined) } }),
  'ws-case-new-offline': () =>
    scene(LIVE_PAGE, [talking({ case: LINKED })], { overrides: { casePage: async () => refused({ trouble: 'timeout', about: null }) } }),
  'ws-case-dialing-agent': () => fromMissed(back({ phase: 'callingAgent', offeredAt: ago(4) })),
  'ws-case-dialing': () => fromMissed(back(), attempt({ id: 'tried' })),
  'ws-case-answered': () => fromMissed(back({ phase: 'talking', offeredAt: ago(30), answeredAt: ago(12), recording: 'expected' })),
  'ws-case-saved': () =>
    fromMissed(
      back({
        phase: 'talking',
        offeredAt: ago(60),
        answeredAt: ago(42),
        recording: 'expected',
        case: IN_MISSED,
        draft: { subject: '', gist: 'Отгрузка будет в четверг.', savedAt: ago(3), unsent: false },
      }),
    ),
  'ws-case-attempt': () => fromMissed(attempt({ outcome: null, case: { type: 'none' } })),
  'ws-case-not-placed': () =>
    fromMissed(attempt({ case: { type: 'none' }, disposition: 'failed', trouble: 'phoneOffline', outcome: outcome({ rule: 'S18', status: null, reason: 'notPlaced' }) })),
  'ws-case-claimed': () => {
    const claim: ClaimView = { state: 'colleague', by: '31', name: 'Борис Ким', since: ago(300), until: ago(300) + 7_200_000 }
    const page = { ...MISSED_PAGE, case: { ...MISSED_PAGE.case, claim } }
    return scene(page, [missed()], { route: route(page, null) })
  },
  'ws-case-missed-called-back': () =>
    scene(
      CALLED_BACK_PAGE,
      [
        back({
          phase: 'ended',
          disposition: 'answered',
          offeredAt: ago(440),
          answeredAt: ago(430),
          endedAt: ago(263),
          case: IN_MISSED,
          recording: 'attached',
          outcome: outcome({ rule: 'S33c', status: 'waiting', reason: 'calledFromCase', undo: 'open' }),
        }),
        missed(),
      ],
      { route: route(CALLED_BACK_PAGE, null) },
    ),
  'ws-case-closed-missed': () =>
    scene(DONE_PAGE, [
      ended({ outcome: outcome({ rule: 'S33a', status: 'waiting', reason: 'answeredAndCreated', undo: 'open', closedMissed: [{ caseId: MISSED_PAGE.case.id, number: MISSED_PAGE.case.number, state: 'closed' }] }) }),
      missed(),
    ]),
  'ws-case-closed-by': () =>
    scene(
      { ...MISSED_PAGE, case: { ...MISSED_PAGE.case, status: 'closed' } },
      [
        ended({ outcome: outcome({ rule: 'S33a', status: 'waiting', reason: 'answeredAndCreated', undo: 'open', closedMissed: [{ caseId: MISSED_PAGE.case.id, number: MISSED_PAGE.case.number, state: 'closed' }] }) }),
        missed(),
      ],
      { route: route(MISSED_PAGE, null) },
    ),
  'ws-case-overruled': () =>
    scene(DONE_PAGE, [
      ended({
        outcome: outcome({
          rule: 'S33a', status: null, reason: 'answeredAndCreated', overruled: true,
          closedMissed: [
            { caseId: MISSED_PAGE.case.id, number: MISSED_PAGE.case.number, state: 'reopened' },
            { caseId: '482113851', number: null, state: 'overruled' },
          ],
        }),
      }),
    ]),
  'ws-case-guessed': () =>
    scene(DONE_PAGE, [ended({ caller: { type: 'several', users: [KATYA, DMITRY], staleSince: null }, among: { user: KATYA, others: [DMITRY], why: 'newest' } })]),
  'ws-case-moved': () => scene(DONE_PAGE, [ended({ caseGone: true })]),
  'ws-case-blocked': () => scene({ ...DONE_PAGE, user: { ...KATYA, blocked: true } }, [ended()]),
  'ws-case-done': () => scene(DONE_PAGE, [ended()]),
  'ws-case-foreign-file': () =>
    scene(DONE_PAGE, [ended()], { overrides: { recording: async () => ({ status: 'error', error: { trouble: 'foreignHost', about: 'files.storage.example' } }) } }),
  'ws-case-recording-waiting': () => scene(withoutFile, [ended({ recording: 'waiting' })]),
  'ws-case-recording-sending': () => scene(withoutFile, [ended({ recording: 'sending' })]),
  'ws-case-recording-failed': () => scene(withoutFile, [ended({ recording: 'failed' })]),
  'ws-case-attach': () =>
    scene(EARLIER_PAGE, [talking({ offeredAt: ago(90), answeredAt: ago(82), draft: { subject: '', gist: 'Акты пришли, но без подписи. Просит переслать подписанные сканы', savedAt: ago(3), unsent: false } })]),
  'ws-case-attach-closed': () => scene(EARLIER_PAGE, [talking()], { route: route(EARLIER_PAGE, null) }),
  'ws-case-attach-refused': () =>
    scene(EARLIER_PAGE, [talking()], { overrides: { attachCall: async () => refused({ trouble: 'forbidden', about: null }) } }),
  'ws-case-missed': () =>
    scene(
      {
        ...LIVE_PAGE,
        case: { ...LIVE_PAGE.case, subject: 'Пропущенный звонок с +7 (921) 555-01-34', handset: 'missed' },
        messages: [
          {
            id: 'm1',
            author: 'staff',
            authorName: 'Анна Литвинова',
            text: 'Пропущенный звонок с +7 (921) 555-01-34, ожидание 23 с',
            at: ago(60),
            note: false,
            attachments: [],
            call: 'call-1',
          },
        ],
      },
      [ended({ disposition: 'missed', answeredAt: null, recording: 'none', outcome: outcome({ rule: 'S31', status: 'open', reason: 'missed' }) })],
    ),
  'ws-case-loading': () => scene(LIVE_PAGE, [talking()], { overrides: { casePage: () => new Promise(() => undefined) } }),
  'ws-case-error': () =>
    scene(LIVE_PAGE, [talking()], { overrides: { casePage: async () => refused({ trouble: 'serverError', about: null }) } }),
  'ws-case-gone': () => scene(LIVE_PAGE, [talking()], { cases: [] }),
  'ws-case-gone-moved': () => scene(EARLIER_PAGE, [ended({ caseGone: true })], { cases: [DONE_PAGE] }),
}
