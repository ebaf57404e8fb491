/** The compose page. */
import { KATYA, KATYA_PROFILE, LAST_CASE } from '../people'
import { refused } from '../backend'
import { ago, call, desk, outside, type Scene } from '../scene'
import type { CallView, Route } from '../../types'
import { DONE_PAGE } from '../cases'

const ROUTE: Route = { page: 'compose', call: 'call-1' }
const GIST =
  'Банк возвращает платёж: в счёте старый КПП. Нужен новый счёт с КПП 780201001 до конца дня, копию на общий ящик бухгалтерии.'

const talking = (part: Partial<CallView> = {}): CallView =>
  call({
    phase: 'talking',
    offeredAt: ago(190),
    answeredAt: ago(182),
    recording: 'expected',
    caller: { type: 'known', user: KATYA, matched: 'exact', staleSince: null, lastCase: LAST_CASE },
    ...part,
  })

const scene = (part: Partial<CallView>, rest: Partial<Scene> = {}): Scene => ({
  view: desk({ calls: [talking(part)] }),
  route: ROUTE,
  profiles: [KATYA_PROFILE],
  cases: [DONE_PAGE],
  ...rest,
})

const UNKNOWN: Partial<CallView> = {
  number: outside('+7 (812) 555-01-77'),
  line: 'Продажи',
  offeredAt: ago(45),
  answeredAt: ago(38),
  caller: { type: 'unknown' },
  case: { type: 'draft' },
}

export const scenes: Record<string, () => Scene> = {
  'ws-compose': () =>
    scene({ case: { type: 'draft' }, draft: { subject: 'Не проходит оплата по счёту 1187', gist: GIST, savedAt: ago(40), unsent: false } }),
  'ws-compose-unknown': () => scene(UNKNOWN),
  'ws-compose-withheld': () =>
    scene({ ...UNKNOWN, number: { kind: 'withheld', pretty: '', e164: null, dial: null, extension: null }, caller: { type: 'withheld' } }),
  'ws-compose-not-saved': () =>
    scene(
      { case: { type: 'draft' } },
      { overrides: { saveDraft: async () => refused({ trouble: 'storage', about: null }) } },
    ),
  'ws-compose-refused': () =>
    scene(
      { case: { type: 'draft' } },
      { overrides: { createCase: async () => refused({ trouble: 'forbidden', about: null }) } },
    ),
  'ws-compose-gone': () => ({ view: desk(), route: ROUTE }),
}
