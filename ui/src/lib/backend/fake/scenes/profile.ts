/** The profile page. */
import { KATYA, KATYA_PROFILE, LAST_CASE } from '../people'
import { ok, refused } from '../backend'
import { ago, call, desk, shown, type Scene } from '../scene'
import type { Route } from '../../types'

const TALKING = () =>
  call({
    phase: 'talking',
    answeredAt: ago(134),
    offeredAt: ago(141),
    recording: 'expected',
    caller: { type: 'known', user: KATYA, matched: 'exact', staleSince: null, lastCase: LAST_CASE },
  })

const ROUTE: Route = { page: 'profile', user: KATYA.id, call: 'call-1' }

export const scenes: Record<string, () => Scene> = {
  'ws-profile': () => ({ view: desk({ calls: [TALKING()] }), route: ROUTE, profiles: [KATYA_PROFILE] }),
  'ws-profile-arranged': () => ({
    view: desk({ calls: [TALKING()], fields: [shown('cf_25', 'Тариф', { colors: [{ value: 'Корпоративный, до 250 мест', color: 'green' }] })], sections: [{ title: 'Договор', fields: ['cf_25', 'cf_26', 'cf_27'] }, { title: 'Работа', fields: ['company', 'position'] }] }),
    route: ROUTE,
    profiles: [KATYA_PROFILE],
  }),
  'ws-profile-idle': () => ({ view: desk(), route: { ...ROUTE, call: null }, profiles: [KATYA_PROFILE] }),
  'ws-profile-question': () => ({
    view: desk(),
    route: { ...ROUTE, call: null },
    profiles: [KATYA_PROFILE],
    caution: { doubt: 'oneRing', never: false, number: '+7 (921) 555-01-34', country: 'RU' },
  }),
  'ws-profile-closing': () => ({
    view: desk(),
    route: { ...ROUTE, call: null },
    profiles: [KATYA_PROFILE],
    overrides: {
      onClosingAsked: async (ask) => {
        ask(1)
        return () => {}
      },
    },
  }),
  'ws-profile-stale': () => ({
    view: desk({
      calls: [TALKING()],
      omnidesk: { state: 'down', trouble: 'timeout', since: ago(1600), retryAt: Date.now() + 12_000 },
    }),
    route: ROUTE,
    profiles: [{ ...KATYA_PROFILE, staleSince: ago(1600) }],
  }),
  'ws-profile-linked': () => ({
    view: desk(),
    route: { ...ROUTE, call: null },
    profiles: [{ ...KATYA_PROFILE, user: { ...KATYA, email: null, fields: [], linkedUnread: true } }],
    overrides: { linkedProfiles: async () => ok(KATYA) },
  }),
  'ws-profile-loading': () => ({
    view: desk({ calls: [TALKING()] }),
    route: ROUTE,
    overrides: { profile: () => new Promise(() => undefined) },
  }),
  'ws-profile-error': () => ({
    view: desk({ calls: [TALKING()] }),
    route: ROUTE,
    overrides: { profile: async () => refused({ trouble: 'timeout', about: null }) },
  }),
}
