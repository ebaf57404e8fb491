/** The popup in each of its states. */
import { KATYA, LAST_CASE, MISSED_CASE, OLGA, TIMUR } from '../people'
import { ago, call, desk, DISK_WELL, outside, shown, user, outcome, type Scene } from '../scene'
import type { CallView, CallerView, StorageView } from '../../types'

const known = (who = KATYA, part: Partial<Extract<CallerView, { type: 'known' }>> = {}): CallerView => ({
  type: 'known',
  user: who,
  matched: 'exact',
  staleSince: null,
  lastCase: null,
  ...part,
})

const PAVEL = user({
  id: '511',
  name: 'Павел Кожевников',
  email: 'p.kozhevnikov@balthleb.example',
  phones: ['+7 (495) 555-01-20'],
  company: 'АО «Балтийский хлебозавод»',
  fields: [{ field: 'cf_25', title: 'Тариф', format: 'list', value: 'Базовый' }],
})
const GULNARA = user({ id: '512', name: 'Гульнара Ахметзянова', phones: ['+7 (495) 555-01-20'], company: 'АО «Балтийский хлебозавод»' })
const DMITRY = user({ id: '513', name: 'Дмитрий Ли', phones: ['+7 (495) 555-01-20'], company: 'ГК «Меридиан-Логистика и складское хозяйство»' })

const show = (...calls: CallView[]): Scene => ({ view: desk({ calls, popup: calls.map((one) => one.id) }) })

const talking = (): Partial<CallView> => ({ phase: 'talking', offeredAt: ago(141), answeredAt: ago(134), recording: 'expected' })
const UNKNOWN = outside('+7 (812) 555-01-77')
const LINKED: CallView['case'] = {
  type: 'linked',
  caseId: '482113907',
  number: '482-113907',
  subject: 'Не проходит оплата по счёту 1187',
  attached: false,
}

const ended = (part: Partial<CallView> = {}): CallView =>
  call({
    phase: 'ended',
    disposition: 'answered',
    offeredAt: ago(260),
    answeredAt: ago(254),
    endedAt: ago(2),
    caller: known(),
    case: LINKED,
    recording: 'waiting',
    outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated', undo: 'open' }),
    ...part,
  })

/** Dialled by Ringside from the page of a case. */
const ordered = (part: Partial<CallView>): Partial<CallView> => ({
  direction: 'outbound',
  number: outside('+7 (495) 555-01-20'),
  offeredAt: ago(12),
  caller: known(PAVEL),
  ordered: true,
  calledFrom: MISSED_CASE.id,
  ...part,
})

/** Gulnara's second missed call. */
const missed = (): CallView =>
  call({
    phase: 'ended',
    disposition: 'missed',
    number: outside('+7 (843) 555-01-62'),
    offeredAt: ago(30),
    endedAt: ago(7),
    caller: known(GULNARA),
    case: { type: 'linked', caseId: MISSED_CASE.id, number: '482-113902', subject: MISSED_CASE.subject, attached: false },
    outcome: outcome({ rule: 'S27', status: 'open', reason: 'missedAgain' }),
  })

/** As a scene, with a disk that refuses, or did until now. */
function withDisk(scene: Scene, storage: Partial<StorageView>): Scene {
  return { ...scene, view: { ...scene.view, storage: { ...DISK_WELL, ...storage } } }
}

/** A workspace lies where the card would stand. */
const beside = (scene: Scene): Scene => ({ ...scene, shortOfRoom: true })

/** As long, as many and as unusual as people's data get. */
const LONG_NAME = 'Константинопольская-Преображенская Александра-Виктория 🎧🎧 '.repeat(5).slice(0, 255)
export const LONG = user({
  id: '520',
  name: LONG_NAME,
  email: `${'very.long.address.'.repeat(6)}@${'subdomain.'.repeat(5)}example`,
  phones: ['+7 (921) 555-01-34'],
  company: 'Федеральное государственное бюджетное учреждение «Научно-исследовательский центр по изучению всего, что долго называется» имени академика Долгоназванцева',
  fields: Array.from({ length: 40 }, (_, place) => ({
    field: `cf_${100 + place}`,
    title: `Дополнительное поле с длинным названием ${place + 1}`,
    format: 'text' as const,
    value: place % 3 === 0 ? '👩‍👩‍👧‍👦 '.repeat(12) : 'Значение, которое не помещается в одну строку и даже в две строки карточки звонка '.repeat(2),
  })),
})
export const RTL = user({ id: '521', name: 'عبد الرحمن بن محمد الفارسي', phones: ['+7 (921) 555-01-34'], company: 'شركة التجارة العالمية (Global Trade)' })

const withAllFields = (scene: Scene): Scene => ({
  ...scene,
  view: { ...scene.view, fields: ['name', 'email', 'company', ...LONG.fields.map((field) => field.field)].map((field) => shown(field, field)) },
})

/** With headings, conditions and colours of the administrator's (S02). */
export const arranged = (scene: Scene): Scene => ({
  ...scene,
  view: {
    ...scene.view,
    fields: [
      shown('name'), shown('email'), shown('company'),
      shown('cf_25', 'Тариф', { colors: [{ value: 'Корпоративный, до 250 мест', color: 'green' }, { value: 'Базовый', color: 'amber' }] }),
      shown('cf_26', 'Номер договора'),
      shown('cf_27', 'Договор до'),
      shown('cf_40', 'Регион доставки', { always: true, lines: ['Поддержка'] }),
      shown('cf_41', 'Скидка', { always: true, lines: ['Продажи'] }),
    ],
    sections: [{ title: 'Договор', fields: ['cf_25', 'cf_26', 'cf_27'] }, { title: 'Доставка', fields: ['cf_40', 'cf_41'] }],
  },
})

/** With what this desk knows of the caller itself (S02), some of it not known yet. */
const computed = (scene: Scene): Scene => ({
  ...scene,
  view: {
    ...scene.view,
    fields: [
      ...['name', 'company', 'own_line', 'own_last_case', 'own_open_cases', 'own_calls', 'own_last_contact'].map((id) => shown(id, '', { always: id.startsWith('own_') })),
    ],
    sections: [{ title: 'Звонки', fields: ['own_line', 'own_last_case', 'own_open_cases', 'own_calls', 'own_last_contact'] }],
  },
})
const FACTS = { calls: 12, lastContact: ago(5 * 86_400), openCases: 2, hidden: false }

export const scenes: Record<string, () => Scene> = {
  'popup-ringing-long': () => withAllFields(show(call({ line: 'Линия с очень длинным названием для всех обращений', caller: known(LONG, { lastCase: LAST_CASE }) }))),
  'popup-ended-long': () =>
    show(
      ended({
        caller: known(LONG),
        draft: { subject: '', gist: 'Слово '.repeat(2000), savedAt: ago(4), unsent: true },
        outcome: outcome({
          rule: 'S33a',
          status: 'waiting',
          reason: 'answeredAndCreated',
          undo: 'open',
          closedMissed: Array.from({ length: 12 }, (_, place) => ({ caseId: `${place}`, number: `482-11390${place}`, state: 'closed' as const })),
        }),
      }),
    ),
  'popup-folded-long': () => beside(show(ended({ caller: known(LONG) }))),
  'popup-ringing-rtl': () => show(call({ caller: known(RTL, { lastCase: { ...LAST_CASE, subject: 'لا تصل الفاتورة' } }) })),
  'popup-folded-rtl': () => beside(show(call({ ...talking(), caller: known(RTL) }))),
  'popup-folded-talking': () => beside(show(call({ ...talking(), caller: known(KATYA, { lastCase: LAST_CASE }) }))),
  'popup-folded-ended': () => beside(show(ended())),
  'popup-folded-ringing': () => beside(show(call({ caller: known(KATYA, { lastCase: LAST_CASE }) }))),
  'popup-ringing-after-call': () =>
    show(
      call({ id: 'call-2', number: outside('+7 (495) 555-01-20'), caller: known(PAVEL), offeredAt: ago(3) }),
      ended({ draft: { subject: '', gist: 'Просит выслать счёт ещё раз', savedAt: ago(4), unsent: true } }),
    ),
  'popup-ended-typed': () => show(ended({ draft: { subject: '', gist: 'Просит выслать счёт ещё раз', savedAt: ago(4), unsent: true } })),
  'popup-ringing-disk': () => withDisk(show(call({ caller: known(KATYA, { lastCase: LAST_CASE }) })), { fault: 'full', since: ago(60) }),
  'popup-ended-disk': () => withDisk(show(ended({ case: { type: 'sending', subject: 'Не проходит оплата' }, outcome: null })), { fault: 'readOnly', since: ago(60) }),
  'popup-ended-disk-back': () => withDisk(show(ended()), { mendedAt: ago(3) }),
  'popup-ringing-known': () => show(call({ caller: known(KATYA, { lastCase: LAST_CASE }) })),
  'popup-ringing-arranged': () => arranged(show(call({ caller: known(KATYA, { lastCase: LAST_CASE }) }))),
  'popup-answered-arranged': () => arranged(show(call({ ...talking(), caller: known(KATYA, { lastCase: LAST_CASE }) }))),
  'popup-ringing-computed': () => computed(show(call({ caller: known(KATYA, { lastCase: LAST_CASE }), facts: FACTS }))),
  'popup-ringing-computed-soon': () => computed(show(call({ caller: known(KATYA) }))),
  'popup-ringing-computed-unknown': () => computed(show(call({ number: UNKNOWN, caller: { type: 'unknown' }, facts: { ...FACTS, openCases: null, calls: 1, lastContact: ago(86_400) } }))),
  'popup-ringing-linked': () => show(call({ caller: known({ ...KATYA, email: null, linkedUnread: true }) })),
  'popup-ringing-group': () => show(call({ caller: known(KATYA, { lastCase: LAST_CASE }), ringsAlsoAt: ['102', '103'] })),
  'popup-ringing-looking-up': () => show(call({ caller: { type: 'lookingUp' }, offeredAt: ago(0) })),
  'popup-ringing-unknown': () =>
    show(call({ number: UNKNOWN, pbxName: 'SEVER OPT', line: 'Продажи', offeredAt: ago(4), caller: { type: 'unknown' } })),
  'popup-ringing-several': () =>
    show(
      call({
        number: outside('+7 (495) 555-01-20'),
        line: 'Бухгалтерия',
        offeredAt: ago(9),
        caller: { type: 'several', users: [PAVEL, GULNARA, DMITRY], staleSince: null },
      }),
    ),
  'popup-ringing-withheld': () =>
    show(
      call({ number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null }, offeredAt: ago(3), caller: { type: 'withheld' } }),
    ),
  'popup-ringing-colleague': () =>
    show(
      call({
        direction: 'internal',
        number: { kind: 'extension', pretty: '207', e164: null, dial: '207', extension: null },
        pbxName: 'Игорь Самсонов',
        line: null,
        caller: { type: 'notLookedUp' },
      }),
    ),
  'popup-ringing-unavailable': () => show(call({ number: UNKNOWN, caller: { type: 'unavailable', trouble: 'timeout' } })),
  'popup-offline': () => show(call({ offeredAt: ago(6), caller: known(KATYA, { lastCase: LAST_CASE, staleSince: ago(1600) }) })),
  'popup-answered-known': () => show(call({ ...talking(), caller: known(KATYA, { lastCase: LAST_CASE }) })),
  'popup-answered-linked': () => show(call({ ...talking(), caller: known(), case: LINKED })),
  'popup-answered-unknown': () =>
    show(
      call({
        number: UNKNOWN,
        line: 'Продажи',
        phase: 'talking',
        offeredAt: ago(26),
        answeredAt: ago(21),
        caller: { type: 'unknown' },
      }),
    ),
  'popup-answered-several': () =>
    show(call({ ...talking(), caller: { type: 'several', users: [TIMUR, OLGA], staleSince: null }, number: outside('+7 (843) 555-01-62') })),
  'popup-ended-asked': () =>
    show(
      ended({
        caller: { type: 'several', users: [TIMUR, OLGA], staleSince: null },
        among: { user: TIMUR, others: [OLGA], why: 'asked' },
        number: outside('+7 (843) 555-01-62'),
      }),
    ),
  'popup-missed': () => show(missed()),
  'popup-missed-question': () => ({
    ...show({ ...missed(), offeredAt: ago(9), endedAt: ago(7) }),
    caution: { doubt: 'oneRing', never: false, number: '+7 (843) 555-01-62', country: 'RU' },
  }),
  'popup-ended': () => show(ended()),
  'popup-ended-undone': () => show(ended({ outcome: outcome({ rule: 'S30', status: 'open', reason: 'answeredAndCreated', undone: true }) })),
  'popup-ended-closed-missed': () =>
    show(
      ended({
        recording: 'attached',
        outcome: outcome({
          rule: 'S33a', status: 'waiting', reason: 'answeredAndCreated', undo: 'open', closedMissed: [{ caseId: '482113902', number: '482-113902', state: 'closed' }],
        }),
      }),
    ),
  'popup-ended-overruled': () =>
    show(
      ended({
        outcome: outcome({
          rule: 'S33a', status: null, reason: 'answeredAndCreated', overruled: true,
          closedMissed: [
            { caseId: '482113902', number: '482-113902', state: 'reopened' },
            { caseId: '482113903', number: null, state: 'overruled' },
          ],
        }),
      }),
    ),
  'popup-ended-case-gone': () => show(ended({ caseGone: true })),
  'popup-ended-elsewhere': () => show(ended({ elsewhere: true })),
  'popup-not-placed': () =>
    show(
      call({
        ...ordered({ offeredAt: ago(4) }),
        phase: 'ended',
        disposition: 'failed',
        endedAt: ago(1),
        trouble: 'phoneOffline',
        outcome: outcome({ rule: 'S18', status: null, reason: 'notPlaced' }),
      }),
    ),
  'popup-ended-withheld': () =>
    show(
      call({
        phase: 'ended',
        disposition: 'answered',
        number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null },
        offeredAt: ago(90),
        answeredAt: ago(84),
        endedAt: ago(2),
        caller: { type: 'withheld' },
        outcome: outcome({ rule: 'S14', status: null, reason: 'nobodyToWriteFor' }),
      }),
    ),
  'popup-dialing': () => show(call(ordered({ phase: 'dialing', case: { ...LINKED, caseId: MISSED_CASE.id, number: '482-113861', attached: true } }))),
  'popup-dialing-agent': () => show(call(ordered({ phase: 'callingAgent', offeredAt: ago(4) }))),
  'popup-dialing-softphone': () => show(call(ordered({ phase: 'dialing', ordered: false, calledFrom: null }))),
  'popup-stacked-low': () => ({
    ...show(
      call({ caller: known(GULNARA) }),
      call({ id: 'call-2', caller: known(LONG), offeredAt: ago(9) }),
      call({ id: 'call-3', ...talking() }),
      { ...missed(), id: 'call-4' },
    ),
    highest: 240,
  }),
  'popup-two-calls': () =>
    show(
      call({ id: 'call-2', number: outside('+7 (495) 555-01-20'), line: 'Бухгалтерия', offeredAt: ago(5), caller: known(PAVEL) }),
      call({ ...talking(), caller: known(), draft: { subject: '', gist: 'Нужен новый счёт', savedAt: ago(20), unsent: false } }),
    ),
  'popup-held': () =>
    show(
      call({ id: 'call-2', number: outside('+7 (495) 555-01-20'), line: 'Бухгалтерия', phase: 'talking', offeredAt: ago(48), answeredAt: ago(41), caller: known(PAVEL) }),
      call({ ...talking(), phase: 'held', caller: known() }),
    ),
  'popup-transferred': () => show(call({ ...talking(), caller: known(), transferredFrom: '102' })),
  'popup-ended-transferred': () =>
    show(ended({ transferredTo: '102', outcome: outcome({ rule: 'S17', status: 'closed', reason: 'transferredUntouched', undo: 'open' }) })),
}
