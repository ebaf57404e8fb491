/** The list of calls. */
import type { CallView, ClaimView, OutboxRow, TalkView, UserView } from '../../types'
import { KATYA, TIMUR } from '../people'
import { ago, call, daysAgo, desk, outside, user, outcome, type Scene } from '../scene'

const MINUTE = 60

const person = (id: string, name: string, company: string): UserView => user({ id, name, company })

const GULNARA = person('511', 'Гульнара Ахметзянова', 'АО «Балтийский хлебозавод»')
const KONSTANTIN = person('512', 'Константин Константинопольский', 'ГК «Меридиан-Логистика и складское хозяйство»')
const DMITRY = person('513', 'Дмитрий Ли', 'ГК «Меридиан-Логистика»')
const PAVEL = person('514', 'Павел Кожевников', 'АО «Балтийский хлебозавод»')
const MARIA = person('515', 'Мария Ветрова', 'ИП Ветрова М. С.')

export const known = (who: UserView): CallView['caller'] => ({ type: 'known', user: who, matched: 'exact', staleSince: null, lastCase: null })

export const linked = (number: string, subject: string): CallView['case'] => ({
  type: 'linked',
  caseId: number.replace('-', ''),
  number,
  subject,
  attached: false,
})

/** A call that is over: talked for some seconds, or rang for some. */
export function ended(at: number, rings: number, talks: number, part: Partial<CallView>): CallView {
  const answeredAt = talks > 0 ? at + rings * 1000 : null
  return call({
    phase: 'ended',
    disposition: talks > 0 ? 'answered' : 'missed',
    offeredAt: at,
    answeredAt,
    endedAt: at + (rings + talks) * 1000,
    ...part,
  })
}

/** A conversation, as the missed call before it tells of it. */
export function talk(direction: CallView['direction'], at: number, rings: number, talks: number): TalkView {
  return { direction, offeredAt: at, answeredAt: at + rings * 1000, endedAt: at + (rings + talks) * 1000, atLeast: false }
}

export function owed(part: Partial<OutboxRow> & Pick<OutboxRow, 'id' | 'call' | 'what'>): OutboxRow {
  const { state = 'queued', trouble = null } = part
  const canGiveUp = state === 'wedged' || (state === 'queued' && trouble !== null)
  return { state, attempts: 0, retryAt: null, trouble, code: null, recording: part.what === 'recording' ? 'awaited' : null, canGiveUp, createdAt: ago(4 * MINUTE), ...part }
}

const MISSED = 'Пропущенный звонок с +7 (843) 555-01-62'

const missedThrice = (): CallView[] =>
  [2, 9, 21].map((minutes, i) =>
    ended(ago(minutes * MINUTE), 23, 0, {
      id: `missed-${i}`,
      number: outside('+7 (843) 555-01-62'),
      caller: known(GULNARA),
      case: linked('482-113902', MISSED),
    }),
  )

export const yesterdaysCalls = (): CallView[] => [
  ended(daysAgo(1, 17, 44), 6, 52, {
    id: 'withheld',
    number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null },
    caller: { type: 'withheld' },
    case: linked('482-113788', 'Входящий звонок, номер скрыт'),
  }),
  ended(daysAgo(1, 16, 20), 8, 185, {
    id: 'timur',
    number: outside('+7 (843) 555-01-03'),
    caller: known(TIMUR),
    case: linked('482-113771', 'Вопрос по тарифу'),
  }),
]

export const todaysCalls = (): CallView[] => [
  ...missedThrice(),
  ended(ago(23 * MINUTE), 7, 252, { id: 'katya', caller: known(KATYA), case: linked('482-113907', 'Не проходит оплата по счёту 1187') }),
  ended(ago(25 * MINUTE), 5, 66, {
    id: 'konstantin',
    number: outside('+7 (495) 555-01-48'),
    caller: known(KONSTANTIN),
    transferredTo: '207',
    case: linked('482-113899', 'Входящий звонок с +7 (495) 555-01-48'),
  }),
  ended(ago(27 * MINUTE), 4, 167, {
    id: 'dmitry-back',
    direction: 'outbound',
    number: outside('+7 (916) 555-01-15'),
    caller: known(DMITRY),
    case: linked('482-113861', 'Пропущенный звонок с +7 (916) 555-01-15'),
  }),
  ended(ago(41 * MINUTE), 19, 0, {
    id: 'dmitry',
    talkedLater: talk('outbound', ago(27 * MINUTE), 4, 167),
    number: outside('+7 (916) 555-01-15'),
    caller: known(DMITRY),
    case: linked('482-113861', 'Пропущенный звонок с +7 (916) 555-01-15'),
  }),
  ended(ago(44 * MINUTE), 31, 0, {
    id: 'pavel',
    direction: 'outbound',
    disposition: 'noAnswer',
    number: outside('+7 (495) 555-01-20'),
    caller: known(PAVEL),
    case: linked('482-113858', 'Сверка за III квартал'),
  }),
  ended(ago(49 * MINUTE), 12, 0, {
    id: 'elsewhere',
    disposition: 'answeredElsewhere',
    number: outside('+7 (812) 555-01-77'),
    outcome: outcome({ rule: 'S25', status: null, reason: 'answeredByColleague' }),
  }),
  ended(ago(55 * MINUTE), 9, 453, {
    id: 'maria',
    direction: 'outbound',
    number: outside('+7 (921) 555-01-92'),
    caller: known(MARIA),
    case: linked('482-113840', 'Подключение второй кассы'),
  }),
]

export const OWED = (): OutboxRow[] => [
  owed({ id: 'o1', call: 'katya', what: 'recording', state: 'sending' }),
  owed({ id: 'o2', call: 'pavel', what: 'message', state: 'wedged', trouble: 'gone', attempts: 3, code: '404 case_not_found' }),
]

/** What Ringside could not see to its end: not known how it ended, or how long they talked. */
const unseen = (): CallView[] => {
  const gap = { from: ago(12 * MINUTE), to: ago(10 * MINUTE) }
  return [
    ended(ago(13 * MINUTE), 60, 0, {
      id: 'unknown',
      disposition: 'unknown',
      caller: known(KATYA),
      unseen: gap,
      case: linked('482-113912', 'Входящий звонок с +7 (921) 555-01-34'),
      outcome: outcome({ rule: 'D3', status: 'open', reason: 'outcomeUnknown' }),
    }),
    ended(ago(14 * MINUTE), 6, 95, {
      id: 'at-least',
      number: outside('+7 (916) 555-01-15'),
      caller: known(DMITRY),
      unseen: gap,
      talkAtLeast: true,
      case: linked('482-113910', 'Сверка за III квартал'),
      outcome: outcome({ rule: 'S15', status: 'waiting', reason: 'answeredNothingCreated' }),
    }),
    ended(ago(31 * MINUTE), 8, 140, {
      id: 'guessed',
      number: outside('+7 (495) 555-01-20'),
      caller: { type: 'several', users: [PAVEL, GULNARA], staleSince: null },
      among: { user: PAVEL, others: [GULNARA], why: 'newest' },
      case: linked('482-113905', 'Входящий звонок с +7 (495) 555-01-20'),
      outcome: outcome({ rule: 'S15', status: 'waiting', reason: 'answeredNothingCreated' }),
    }),
  ]
}

/** Passed on by colleagues and to them, attempts, calls never placed, a case deleted meanwhile. */
const transfers = (): CallView[] => [
  ended(ago(3 * MINUTE), 6, 340, {
    id: 'from-102',
    caller: known(KATYA),
    transferredFrom: '102',
    case: linked('482-113911', 'Вопрос по акту сверки'),
    recording: 'attached',
    outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated', undo: 'open' }),
  }),
  ended(ago(14 * MINUTE), 5, 66, {
    id: 'to-207',
    number: outside('+7 (495) 555-01-48'),
    caller: known(KONSTANTIN),
    transferredTo: '207',
    case: linked('482-113899', 'Входящий звонок с +7 (495) 555-01-48'),
    outcome: outcome({
      rule: 'S17',
      status: 'closed',
      reason: 'transferredUntouched',
      undo: 'open',
      closedMissed: [
        { caseId: '482113850', number: '482-113850', state: 'closed' },
        { caseId: '482113851', number: null, state: 'closed' },
      ],
    }),
  }),
  ended(ago(22 * MINUTE), 4, 80, { id: 'passed-through', caller: known(TIMUR), number: outside('+7 (843) 555-01-03'), transferredFrom: '102', transferredTo: '' }),
  ended(ago(31 * MINUTE), 31, 0, {
    id: 'attempt',
    direction: 'outbound',
    disposition: 'noAnswer',
    number: outside('+7 (495) 555-01-20'),
    caller: known(PAVEL),
    ordered: true,
    calledFrom: '482113858',
    case: linked('482-113858', 'Сверка за III квартал'),
    outcome: outcome({ rule: 'S22', status: null, reason: 'attemptNoted' }),
  }),
  ended(ago(33 * MINUTE), 20, 0, {
    id: 'not-picked-up',
    direction: 'outbound',
    disposition: 'noAnswer',
    number: outside('+7 (916) 555-01-15'),
    caller: known(DMITRY),
    ordered: true,
    outcome: outcome({ rule: 'S18', status: null, reason: 'agentDidNotPickUp' }),
  }),
  ended(ago(36 * MINUTE), 0, 0, {
    id: 'not-placed',
    direction: 'outbound',
    disposition: 'failed',
    number: outside('+7 (916) 555-01-15'),
    caller: known(DMITRY),
    ordered: true,
    trouble: 'phoneOffline',
    outcome: outcome({ rule: 'S18', status: null, reason: 'notPlaced' }),
  }),
  ended(ago(50 * MINUTE), 6, 120, {
    id: 'moved',
    number: outside('+7 (921) 555-01-92'),
    caller: known(MARIA),
    caseGone: true,
    case: linked('482-113843', 'Входящий звонок с +7 (921) 555-01-92'),
    outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndAttached' }),
  }),
]

/** A conversation on hold while a consultation is dialled; or a second call while they talk. */
const talking = (part: Partial<CallView> = {}): CallView =>
  call({ id: 'first', phase: 'talking', offeredAt: ago(140), answeredAt: ago(134), caller: known(KATYA), recording: 'expected', ...part })

const ringing = (): CallView => call({ id: 'live', number: outside('+7 (812) 555-01-44'), pbxName: 'Борис' })

/** The missed inbox of an office whose agents say that they call back: one on its way, one of this agent's, a colleague's, one who was first. */
const claimed = (): CallView[] => {
  const claim = (state: ClaimView['state'], name: string, minutes: number): ClaimView => ({ state, by: '31', name, since: ago(minutes * MINUTE), until: ago((minutes - 120) * MINUTE) })
  const missed = (id: string, minutes: number, who: UserView, number: string, part: Partial<CallView> = {}) =>
    ended(ago(minutes * MINUTE), 21, 0, { id, number: outside(number), caller: known(who), case: linked(`482-1139${minutes}`, `Пропущенный звонок с ${number}`), ...part })
  return [
    missed('free', 10, KATYA, '+7 (921) 555-01-34'),
    missed('colleague', 18, GULNARA, '+7 (843) 555-01-62', { claim: claim('colleague', 'Борис Ким', 6) }),
    missed('sending', 24, PAVEL, '+7 (495) 555-01-20', { claim: claim('sending', 'Анна Литвинова', 0) }),
    missed('mine', 31, DMITRY, '+7 (916) 555-01-15', { claim: claim('mine', 'Анна Литвинова', 12) }),
    missed('late', 47, KONSTANTIN, '+7 (495) 555-01-48', { claim: claim('late', 'Константин Константинопольский-Задунайский', 3) }),
    missed('over', 52, MARIA, '+7 (921) 555-01-92', { claim: { state: 'over', by: '', name: '', since: null, until: null } }),
    missed('old', 58, TIMUR, '+7 (843) 555-01-03', { claim: claim('colleague', 'Борис Ким', 121) }),
  ]
}

/** Calls of years: on three lines, each tenth missed, some in no case. */
function past(count: number): CallView[] {
  const people = [KATYA, TIMUR, GULNARA, KONSTANTIN, DMITRY, PAVEL, MARIA].map(known)
  const callers = people.length
  return Array.from({ length: count }, (_, i) => {
    const number = `+7 (921) 7${String(100 + (i % 900)).padStart(2, '0').slice(-2)}-${String(10 + (i % 89))}-${String(10 + (i % 79))}`
    return ended(daysAgo(2, 18) - i * 11 * MINUTE * 1000, 5 + (i % 20), i % 10 === 3 ? 0 : 20 + (i % 600), {
      id: `past-${i}`,
      direction: i % 4 === 1 ? 'outbound' : 'inbound',
      number: outside(number),
      caller: people[i % callers]!,
      line: ['Поддержка', 'Продажи', 'Бухгалтерия'][i % 3]!,
      recording: i % 5 === 0 ? 'none' : 'attached',
      case: i % 7 === 2 ? { type: 'none' } : linked(`482-${100_000 + i}`, i % 2 === 0 ? 'Вопрос по счёту' : `Входящий звонок с ${number}`),
    })
  })
}

/** Names, numbers and lines that somebody made up to break a table. */
const hostile = (): CallView[] => [
  ended(ago(2 * MINUTE), 4, 60, { id: 'rtl', caller: known(person('601', 'שרה כהן 5', 'חברה (5)')), line: 'תמיכה 5', case: linked('482-1', '\u202eкотсил') }),
  ended(ago(4 * MINUTE), 4, 60, { id: 'emoji', caller: known(person('602', '👩‍👩‍👧‍👦 Семья', '🏢')), line: '🎧'.repeat(40), case: linked('482-2', '=HYPERLINK("http://x.example","счёт")') }),
  ended(ago(6 * MINUTE), 4, 60, { id: 'long', caller: known(person('603', 'Щ'.repeat(10_000), 'Я '.repeat(5_000))), line: 'Ж'.repeat(10_000), case: linked('482-3', 'Ы'.repeat(10_000)) }),
  ended(ago(8 * MINUTE), 4, 60, {
    id: 'text',
    number: { kind: 'nonsense', pretty: "доб. 'бухгалтерия' <b>1</b>", e164: null, dial: null, extension: null },
    caller: { type: 'notLookedUp' },
    line: '<img src=x onerror=alert(1)>',
  }),
]

export const scenes: Record<string, () => Scene> = {
  'ws-calls': () => ({ view: desk({ calls: [...todaysCalls(), ...yesterdaysCalls()], outbox: OWED() }) }),
  'ws-calls-claims': () => ({ view: desk({ calls: claimed() }) }),
  'ws-calls-live': () => ({ view: desk({ calls: [ringing(), ...todaysCalls(), ...yesterdaysCalls()], outbox: OWED() }) }),
  'ws-calls-unseen': () => ({ view: desk({ calls: unseen() }) }),
  'ws-calls-transfers': () => ({ view: desk({ calls: transfers() }) }),
  'ws-calls-held': () => ({ view: desk({ calls: [talking({ phase: 'held' }), ...todaysCalls()] }) }),
  'ws-calls-two': () => ({ view: desk({ calls: [ringing(), talking(), ...todaysCalls()] }) }),
  'ws-calls-consult': () => ({
    view: desk({
      calls: [
        call({ id: 'consult', phase: 'dialing', direction: 'internal', number: { kind: 'extension', pretty: '207', e164: null, dial: '207', extension: null }, caller: { type: 'notLookedUp' }, line: null }),
        talking({ phase: 'held' }),
      ],
    }),
  }),
  'ws-calls-dialing': () => ({
    view: desk({
      calls: [
        call({ id: 'back', direction: 'outbound', phase: 'dialing', ordered: true, calledFrom: '482113861', number: outside('+7 (916) 555-01-15'), caller: known(DMITRY), line: null, offeredAt: ago(12) }),
        ...todaysCalls(),
      ],
    }),
  }),
  'ws-calls-many': () => ({
    view: desk({ calls: Array.from({ length: 200 }, (_, i) => ({ ...ended(ago(i * 20 * MINUTE), 5, 30 + i, { caller: known(KATYA) }), id: `many-${i}` })) }),
  }),
  'ws-calls-history': () => ({ view: desk({ calls: [ringing(), ...todaysCalls(), ...yesterdaysCalls()], outbox: OWED() }), past: past(2_000) }),
  'ws-calls-hostile': () => ({ view: desk({ calls: hostile() }) }),
  'ws-empty': () => ({ view: desk() }),
}
