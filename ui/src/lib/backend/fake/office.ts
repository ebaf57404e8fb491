/** What an office has published, for the stand-in: version 12, an unfinished change at this computer, a lock. */
import type { OfficeLine, OfficeRow, OfficeView } from '../types'

const AT = Date.UTC(2026, 10, 30, 8, 20)

const line = (text: string, name = ''): OfficeLine => ({ name, text })
const row = (key: string, published: OfficeLine[] | null, here: OfficeLine[] | null, part: Partial<OfficeRow> = {}): OfficeRow => ({ key, published, here, isSet: true, own: false, ...part })

const FIELDS = [line('shown', 'name'), line('shown', 'email'), line('shown', 'company'), line('shown', 'Тариф')]
const LABELS = [line('Счёт'), line('Жалоба'), line('Консультация')]
const PHRASES = [line('Просит счёт на {компания}, договор {договор}', 'Счёт'), line('Не удалось дозвониться, перезвонить {дата}', 'Перезвонить')]
const HOURS = ['09:00–18:00', '09:00–18:00', '09:00–18:00', '09:00–18:00', '09:00–17:00', '', ''].map((hours, day) => line(hours, String(day)))
const RULES = [line('ask', 'foreign'), line('never', 'premium'), line('never', 'satellite'), line('ask', 'sharedCost')]

export const OFFICE: OfficeView = {
  from: 'omnidesk',
  place: 'omnidesk',
  fixed: false,
  stands: { number: 12, author: 'Анна Литвинова', at: AT, keys: ['fields', 'phrases', 'labels', 'workingHours', 'dialPolicy', 'channel'], locked: ['dialPolicy', 'channel'], unknown: [] },
  before: { number: 11, author: 'Павел Орлов', at: AT - 86_400_000 * 3, keys: ['fields', 'labels'], locked: [], unknown: [] },
  back: false,
  readAt: AT + 40 * 60_000,
  wrong: null,
  may: 'try',
  rows: [
    row('fields', FIELDS, FIELDS),
    row('phrases', PHRASES.slice(0, 1), PHRASES, { own: true }),
    row('labels', LABELS, LABELS),
    row('workingHours', HOURS, HOURS),
    row('dialPolicy', RULES, RULES),
    row('channel', [line('cch101')], [line('cch101')]),
    row('callIdField', null, [line('cf_31')]),
    row('claimField', null, [line('cf_32')]),
    row('several', null, [line('newest')], { isSet: false }),
    row('unansweredOutgoingCases', null, [line('true')], { isSet: false }),
  ],
}

/** After a publication. */
export function published(view: OfficeView): OfficeView {
  const stands = view.stands ?? { number: 0, author: 'Анна Литвинова', at: AT, keys: [], locked: [], unknown: [] }
  return { ...view, before: view.stands, back: false, stands: { ...stands, number: stands.number + 1 }, rows: view.rows.map((one) => ({ ...one, own: false, published: one.published === null ? null : one.here })) }
}

/** The same where this agent may not publish, and what stands by now was refused. */
export const REFUSED_OFFICE: OfficeView = {
  ...OFFICE,
  stands: OFFICE.stands === null ? null : { ...OFFICE.stands, unknown: ['popupColours'] },
  wrong: { fault: 'notPublishable', key: 'omnideskUrl', trouble: null },
  may: 'refused',
  rows: OFFICE.rows.map((one) => (one.key === 'labels' ? { ...one, here: [line('Свои <b>метки</b>')], own: true } : one)),
}
