/** The case page. */
import { DONE_PAGE, EARLIER_PAGE, GIST, LIVE_PAGE } from '../cases'
import { KATYA, KATYA_PROFILE, LAST_CASE } from '../people'
import { refused } from '../backend'
import { ago, call, desk, type Scene } from '../scene'
import type { CallView, CasePageView, Route } from '../../types'

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
    draft: { subject: LIVE_PAGE.case.subject, gist: GIST, savedAt: ago(205) },
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
    outcome: { rule: 'S30', status: 'waiting', reason: 'answeredAndCreated' },
    ...part,
  })

const route = (page: CasePageView, callId: string | null = 'call-1'): Route => ({ page: 'case', case: page.case.id, call: callId })

const scene = (page: CasePageView, calls: CallView[], rest: Partial<Scene> = {}): Scene => ({
  view: desk({ calls }),
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

export const scenes: Record<string, () => Scene> = {
  'ws-case-live': () => scene(LIVE_PAGE, [talking({ case: LINKED })]),
  'ws-case-live-untold': () => scene({ ...LIVE_PAGE, messages: [] }, [talking({ case: LINKED })]),
  'ws-case-done': () => scene(DONE_PAGE, [ended()]),
  'ws-case-recording-waiting': () => scene(withoutFile, [ended({ recording: 'waiting' })]),
  'ws-case-recording-sending': () => scene(withoutFile, [ended({ recording: 'sending' })]),
  'ws-case-recording-failed': () => scene(withoutFile, [ended({ recording: 'failed' })]),
  'ws-case-attach': () =>
    scene(EARLIER_PAGE, [talking({ offeredAt: ago(90), answeredAt: ago(82), draft: { subject: '', gist: 'Акты пришли, но без подписи. Просит переслать подписанные сканы', savedAt: ago(3) } })]),
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
      [ended({ disposition: 'missed', answeredAt: null, recording: 'none', outcome: { rule: 'S31', status: 'open', reason: 'missed' } })],
    ),
  'ws-case-loading': () => scene(LIVE_PAGE, [talking()], { overrides: { casePage: () => new Promise(() => undefined) } }),
  'ws-case-error': () =>
    scene(LIVE_PAGE, [talking()], { overrides: { casePage: async () => refused({ trouble: 'serverError', about: null }) } }),
  'ws-case-gone': () => scene(LIVE_PAGE, [talking()], { cases: [] }),
}
