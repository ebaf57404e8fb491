/** The minute after a call and what is left of it: missed calls that wait, reminders, phrases, labels; also with data as long as they get. */
import { ok } from '../backend'
import { DONE_PAGE, message } from '../cases'
import { KATYA, LAST_CASE, TIMUR } from '../people'
import { view as PHRASES } from '../phrases'
import { ago, call, desk, outcome, outside, reminder, user, type Scene } from '../scene'
import type { CallView, ReminderView } from '../../types'
import { ended, known, linked, talk, todaysCalls, yesterdaysCalls } from './calls'
import { LONG, RTL } from './popup'

const MINUTE = 60
const HOUR = 60 * MINUTE

const HEBREW = user({ id: '522', name: 'שרה כהן (5)', company: 'חברת שילוח 12', phones: ['+7 (921) 555-01-34'] })

/** Many people who wait, some for the fifth time. */
const waiting = (): CallView[] =>
  Array.from({ length: 200 }, (_, place) => {
    const who = place % 7 === 0 ? LONG : place % 7 === 3 ? RTL : place % 7 === 5 ? HEBREW : KATYA
    const caller = place % 4 === 1 ? ({ type: 'unknown' } as const) : known({ ...who, id: `waits-${place}` })
    const number = outside(`+7 (9${String(place).padStart(2, '0')}) 555-01-34`)
    const subject = place % 7 === 0 ? LONG.name : `Пропущенный звонок с ${number.pretty}`
    return { ...ended(ago((place + 1) * 11 * MINUTE), 10 + place, 0, { number, caller, case: linked(`482-${114000 + place}`, subject) }), id: `waits-${place}` }
  })

const gathered = (): ReminderView[] => [
  reminder({ id: 'now', call: 'call-1', what: 'Обещали счёт с новым КПП' }),
  reminder({ id: 'late', call: 'call-2', name: '', number: outside('+7 (812) 555-01-77'), due: ago(14 * HOUR), isLate: true }),
  reminder({ id: 'long', call: 'call-3', name: LONG.name, what: 'Слово '.repeat(80).trim() }),
  reminder({ id: 'rtl', call: 'call-4', name: HEBREW.name, what: 'לשלוח חשבונית 1187 (דחוף)' }),
]

const coming = (): ReminderView[] => [
  reminder({ id: 'soon', call: 'call-5', name: KATYA.name, due: ago(-2 * HOUR), isDue: false, inPopup: false }),
  reminder({ id: 'tomorrow', call: 'call-6', name: TIMUR.name, due: ago(-26 * HOUR), isDue: false, inPopup: false, what: 'Уточнить срок поставки' }),
]

const over = (part: Partial<CallView> = {}): CallView =>
  call({
    phase: 'ended',
    disposition: 'answered',
    offeredAt: ago(260),
    answeredAt: ago(254),
    endedAt: ago(4),
    caller: known(KATYA),
    case: linked('482-113907', 'Не проходит оплата по счёту 1187'),
    recording: 'attached',
    outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated', undo: 'open' }),
    ...part,
  })

const popup = (...calls: CallView[]): Scene => ({ view: desk({ calls, popup: calls.map((one) => one.id) }) })
const LABELS = ['Счёт', 'Жалоба', 'Вернуть деньги', 'Повторный звонок', 'Метка с названием, которое едва помещается в одну строку карточки звонка', 'תלונה (5)', 'Консультация', 'Доставка', 'Договор']
const withLabels = (scene: Scene): Scene => ({ ...scene, view: { ...scene.view, labels: LABELS } })

const longCase = (): Scene['cases'] => [
  {
    ...DONE_PAGE,
    case: { ...DONE_PAGE.case, subject: LONG.name },
    user: LONG,
    labels: LABELS,
    messages: [...DONE_PAGE.messages, message({ id: 'long', author: 'user', authorName: LONG.name, text: 'Слово '.repeat(1700).trim() }), message({ id: 'rtl', author: 'user', authorName: HEBREW.name, text: 'חשבונית 1187 לא התקבלה (5).' })],
  },
]

const TALKING: Partial<CallView> = { phase: 'talking', offeredAt: ago(141), answeredAt: ago(134), recording: 'expected' }
const SECTION = { page: 'settings' } as const

export const scenes: Record<string, () => Scene> = {
  'ws-missed': () => ({ view: desk({ calls: [...todaysCalls(), ...yesterdaysCalls()], reminders: [...gathered().slice(0, 2), ...coming()] }) }),
  'ws-missed-many': () => ({ view: desk({ calls: waiting() }) }),
  'ws-missed-none': () => ({ view: desk({ calls: [ended(ago(9 * MINUTE), 12, 0, { caller: known(KATYA), talkedLater: talk('outbound', ago(4 * MINUTE), 4, 90), case: linked('482-113907', 'Оплата') })] }) }),
  'ws-minute': () => ({ view: desk({ calls: todaysCalls(), labels: LABELS }), route: SECTION }),
  'ws-minute-long': () => ({
    view: desk({ calls: todaysCalls(), labels: LABELS }),
    route: SECTION,
    overrides: {
      phrases: async () =>
        ok({
          ...PHRASES,
          phrases: [
            { title: 'Счёт '.repeat(12).trim(), text: 'Слово '.repeat(300).trim(), unknown: [] },
            { title: HEBREW.name, text: '{имя} ביקשה חשבונית {שם} (5)', unknown: ['{שם}', '{договор}'] },
          ],
        }),
      labels: async () => ok({ chosen: LABELS, all: [...LABELS.slice(1), ...Array.from({ length: 40 }, (_, place) => `Метка ${place + 1}`)], fresh: true, locked: false }),
    },
  }),
  'ws-minute-locked': () => ({
    view: desk(),
    route: SECTION,
    overrides: {
      phrases: async () => ok({ ...PHRASES, locked: true }),
      labels: async () => ok({ chosen: LABELS.slice(0, 3), all: LABELS, fresh: false, locked: true }),
    },
  }),
  'ws-profile-long': () => ({
    view: desk({ calls: [call({ ...TALKING, caller: known(LONG) })] }),
    route: { page: 'profile', user: LONG.id, call: 'call-1' },
    profiles: [{ user: { ...LONG, note: 'Заметка '.repeat(1250).trim() }, cases: Array.from({ length: 40 }, (_, place) => ({ ...LAST_CASE, id: `${place}`, subject: place % 2 === 0 ? LONG.name : 'חשבונית 1187 (5)', staff: HEBREW.name })), staleSince: null, url: null }],
  }),
  'ws-profile-rtl': () => ({
    view: desk({ calls: [call({ ...TALKING, caller: known(HEBREW) })] }),
    route: { page: 'profile', user: HEBREW.id, call: 'call-1' },
    profiles: [{ user: { ...HEBREW, position: 'מנהלת', email: 'sara@example.com' }, cases: [{ ...LAST_CASE, subject: 'חשבונית 1187 (5)', staff: HEBREW.name }], staleSince: null, url: null }],
  }),
  'ws-case-long': () => ({ view: desk({ calls: [over({ caller: known(LONG) })] }), route: { page: 'case', case: DONE_PAGE.case.id, call: null }, cases: longCase() }),
  'ws-compose-long': () => ({
    view: desk({ calls: [call({ ...TALKING, caller: known(LONG), case: { type: 'draft' }, draft: { subject: LONG.name.slice(0, 250), gist: 'Слово '.repeat(1700), savedAt: ago(4), unsent: false } })] }),
    route: { page: 'compose', call: 'call-1' },
  }),
  'popup-reminder': () => ({ view: desk({ reminders: gathered().slice(0, 1) }) }),
  'popup-reminders': () => ({ view: desk({ reminders: gathered() }) }),
  'popup-reminder-ringing': () => {
    const rings = popup(call({ id: 'call-9', caller: { ...known(KATYA), lastCase: LAST_CASE } as CallView['caller'] }))
    return { ...rings, view: { ...rings.view, reminders: gathered().slice(0, 1) } }
  },
  'popup-after': () => withLabels(popup(over({ labels: ['Счёт', 'תלונה (5)'] }))),
  'popup-after-reminder': () => {
    const after = popup(over())
    return { ...after, view: { ...after.view, reminders: [reminder({ id: 'set', due: ago(-20 * HOUR), isDue: false, inPopup: false, what: 'Обещали счёт с новым КПП до конца недели' })] } }
  },
  'popup-after-asked': () =>
    popup(over({ caller: { type: 'several', users: [HEBREW, RTL], staleSince: null }, among: { user: HEBREW, others: [RTL], why: 'asked' } })),
  'popup-folded-missed': () => ({ ...popup(over({ phase: 'ended', disposition: 'missed', answeredAt: null, outcome: null })), shortOfRoom: true }),
  'popup-folded-elsewhere': () => ({ ...popup(over({ disposition: 'answeredElsewhere', answeredAt: null, caller: known(RTL) }), { ...over(), id: 'call-2', phase: 'held' }), shortOfRoom: true }),
}
