/** The list of calls. */
import type { CallView, OutboxRow, UserView } from '../../types'
import { KATYA, TIMUR } from '../people'
import { ago, call, daysAgo, desk, outside, user, type Scene } from '../scene'

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

export function owed(part: Partial<OutboxRow> & Pick<OutboxRow, 'id' | 'call' | 'what'>): OutboxRow {
  return { state: 'queued', attempts: 0, retryAt: null, trouble: null, code: null, createdAt: ago(4 * MINUTE), ...part }
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
    number: { kind: 'withheld', pretty: '', e164: null, extension: null },
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
    outcome: { rule: 'S25', status: null, reason: 'answeredByColleague' },
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

const ringing = (): CallView => call({ id: 'live', number: outside('+7 (812) 555-01-44'), pbxName: 'Борис' })

export const scenes: Record<string, () => Scene> = {
  'ws-calls': () => ({ view: desk({ calls: [...todaysCalls(), ...yesterdaysCalls()], outbox: OWED() }) }),
  'ws-calls-live': () => ({ view: desk({ calls: [ringing(), ...todaysCalls(), ...yesterdaysCalls()], outbox: OWED() }) }),
  'ws-calls-many': () => ({
    view: desk({ calls: Array.from({ length: 200 }, (_, i) => ({ ...ended(ago(i * 20 * MINUTE), 5, 30 + i, { caller: known(KATYA) }), id: `many-${i}` })) }),
  }),
  'ws-empty': () => ({ view: desk() }),
}
