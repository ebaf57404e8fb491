/** Set-up, settings, outbox, banners: whatever concerns the connections. */
import { REFUSED_OFFICE } from '../office'
import type { Backend, DeskView, LinkView, OriginView, SettingsView, TestLine, TestOutcome, TroubleView, VersionView } from '../../types'
import { ok, refused } from '../backend'
import { TIMUR } from '../people'
import { ago, call, desk, DISK_WELL, outside, outcome, type Scene } from '../scene'
import { ended, known, linked, owed, OWED, todaysCalls, yesterdaysCalls } from './calls'

const EMPTY: Partial<SettingsView> = {
  pbxUrl: '',
  pbxUser: '',
  extension: '',
  context: '',
  omnideskUrl: '',
  email: '',
  channel: '',
  callIdField: '',
  claimField: '',
  hasPbxPassword: false,
  hasApiKey: false,
}

const FILLED: Partial<SettingsView> = {
  pbxUrl: 'https://pbx.severtech.example:8089',
  pbxUser: 'ringside',
  extension: '204',
  context: 'from-internal',
  omnideskUrl: 'https://severtech.omnidesk.ru',
  email: 'a.litvinova@severtech.example',
  channel: 'cch101',
}

/** Plain HTTP, agreed to. */
const OPEN: Partial<SettingsView> = { pbxUrl: 'http://10.20.0.5:8088', plainHttp: true }

/** What an office's file says: some of it for good, some of it otherwise than this computer. */
const OFFICE: OriginView[] = [
  { key: 'dialPolicy', from: 'office', locked: true, office: null },
  { key: 'pbxUrl', from: 'office', locked: true, office: null },
  { key: 'pbxUser', from: 'published', locked: true, office: null },
  { key: 'context', from: 'office', locked: false, office: null },
  { key: 'extension', from: 'computer', locked: false, office: null },
  { key: 'omnideskUrl', from: 'office', locked: true, office: null },
  { key: 'channel', from: 'computer', locked: false, office: 'cch7' },
  { key: 'several', from: 'computer', locked: false, office: 'ask' },
  { key: 'language', from: 'office', locked: true, office: null },
  { key: 'theme', from: 'computer', locked: false, office: 'dark' },
  { key: 'popupCorner', from: 'office', locked: true, office: null },
  { key: 'linksAsk', from: 'office', locked: true, office: null },
]

/** What an office's file says to a computer that is not set up. */
const OFFICE_SET_UP: OriginView[] = [
  { key: 'pbxUrl', from: 'office', locked: true, office: null },
  { key: 'context', from: 'office', locked: false, office: null },
  { key: 'omnideskUrl', from: 'office', locked: true, office: null },
  { key: 'channel', from: 'office', locked: false, office: null },
  { key: 'language', from: 'office', locked: false, office: null },
]

/** The office's own certificate, and the one before it. */
const OFFICE_CA: Partial<SettingsView> = {
  pbxCa: '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ0E=\n-----END CERTIFICATE-----\n',
  pbxCertificates: [
    { name: 'Северные технологии, корневой центр', from: Date.UTC(2024, 0, 1), until: Date.UTC(2034, 0, 1), holds: true },
    { name: 'Severtech Root 2016', from: Date.UTC(2016, 0, 1), until: Date.UTC(2026, 0, 1), holds: false },
  ],
}

function line(step: string, outcome: TestOutcome, ms: number | null = null, trouble: TroubleView | null = null, details: string | null = null): TestLine {
  return { step, outcome, ms, trouble, details, address: null }
}

const keyRefused: Partial<Backend> = {
  testOmnidesk: async () =>
    ok([
      line('reach', 'passed', 182),
      line('signIn', 'failed', 96, 'badCredentials', 'GET /api/staff.json: 401 {"error":"invalid_key"}'),
      line('staff', 'skipped'),
      line('channel', 'skipped'),
    ]),
}

/** Nobody of the guide's name there, or another password. */
const userRefused: Partial<Backend> = {
  testPbx: async () =>
    ok([line('reach', 'passed', 41), line('signIn', 'failed', 12, 'badCredentials', 'BadCredentials'), ...['interface', 'subscribe', 'extension', 'phone', 'context', 'secrets', 'socket'].map((step) => line(step, 'skipped'))]),
}

/** An account with several channels, none of them named for calls. */
const noSuchChannel: Partial<Backend> = {
  omnideskChannels: async () => ok([{ key: 'cch7', title: 'Чат на сайте' }, { key: 'cch8', title: 'Телефония' }]),
  testOmnidesk: async () =>
    ok([
      line('reach', 'passed', 182),
      line('signIn', 'passed', 96),
      line('staff', 'passed', 96),
      line('channel', 'failed', null, 'badSetting'),
      line('callIdField', 'passed', 90),
      line('phoneField', 'passed', 90),
    ]),
}

const tokenRefused: Partial<Backend> = {
  testPbx: async () =>
    ok([
      line('reach', 'passed', 41),
      line('signIn', 'failed', 12, 'badCredentials', 'BadCredentials'),
      line('interface', 'skipped'),
      line('extension', 'skipped'),
      line('socket', 'skipped'),
    ]),
}

const phoneOff: Partial<Backend> = {
  testPbx: async () =>
    ok([
      line('reach', 'passed', 64),
      line('signIn', 'passed'),
      line('interface', 'passed'),
      line('subscribe', 'passed'),
      line('extension', 'passed'),
      line('phone', 'failed', 7, 'phoneOffline', 'GET /ari/endpoints/PJSIP/204: state offline'),
      line('context', 'passed', 11),
      line('secrets', 'passed', 5),
      line('socket', 'passed', 41),
    ]),
}

/** It works, in the open. */
const openLine: Partial<Backend> = {
  testPbx: async () =>
    ok([
      line('reach', 'passed', 4),
      line('encryption', 'warned', null, 'plainHttp'),
      line('signIn', 'passed', 6),
      line('interface', 'passed', 3),
      line('subscribe', 'passed', 5),
      line('extension', 'passed', 4),
      line('phone', 'passed', 4),
      line('context', 'passed', 7),
      line('secrets', 'passed', 5),
      line('socket', 'passed', 12),
    ]),
}

/** The PBX shows a certificate that nobody knows. */
const unknownAuthority: Partial<Backend> = {
  testPbx: async () => ok([line('reach', 'failed', 31, 'tls', 'Tls'), ...['signIn', 'interface', 'subscribe', 'extension', 'phone', 'context', 'secrets', 'socket'].map((step) => line(step, 'skipped'))]),
}

const down = (trouble: TroubleView, retryIn: number | null, since = 240): LinkView => ({
  state: 'down',
  trouble,
  since: ago(since),
  retryAt: retryIn === null ? null : Date.now() + retryIn * 1000,
})

const setUp = (settings: Partial<SettingsView>, overrides: Partial<Backend> = {}) => (): Scene => ({
  view: desk({ stage: { type: 'setUp' } }),
  settings: { ...EMPTY, ...settings },
  overrides,
})

const callsWith = (part: () => Partial<DeskView>, settings: Partial<SettingsView> = {}) => (): Scene => ({
  view: desk({ calls: [...todaysCalls(), ...yesterdaysCalls()], ...part() }),
  settings,
})

const MINUTE = 60

function outboxScene(): Scene {
  const calls = [
    ended(ago(8 * MINUTE), 6, 66, { id: 'c1', caller: known(TIMUR), number: outside('+7 (812) 555-01-77'), case: linked('482-113899', 'Входящий звонок с +7 (812) 555-01-77'), recording: 'waiting' }),
    ended(ago(20 * MINUTE), 6, 252, { id: 'c2', case: linked('482-113907', 'Не проходит оплата по счёту 1187'), recording: 'sending' }),
    ended(ago(40 * MINUTE), 6, 90, {
      id: 'c3',
      case: linked('482-113858', 'Сверка за III квартал'),
      outcome: outcome({ rule: 'S30', status: 'waiting', reason: 'answeredAndCreated' }),
    }),
  ]
  return {
    view: desk({
      calls,
      outbox: [
        owed({ id: 'o1', call: 'c3', what: 'message', state: 'wedged', trouble: 'gone', attempts: 3, code: '404 case_not_found' }),
        owed({ id: 'o2', call: 'c2', what: 'recording', state: 'sending', attempts: 1 }),
        owed({ id: 'o3', call: 'c1', what: 'link', state: 'queued', trouble: 'rateLimited', attempts: 2, retryAt: Date.now() + 9 * MINUTE * 1000 }),
        owed({ id: 'o4', call: 'c1', what: 'recording', state: 'blocked' }),
        owed({ id: 'o5', call: 'c2', what: 'case', state: 'done', createdAt: ago(19 * MINUTE) }),
        owed({ id: 'o6', call: 'c3', what: 'status', state: 'done', createdAt: ago(38 * MINUTE) }),
      ],
    }),
    route: { page: 'outbox' },
  }
}

/** What Omnidesk refused, each for a reason of its own. */
function refusals(): Scene {
  const scene = outboxScene()
  const wedged = (id: string, what: string, trouble: TroubleView, code: string) => owed({ id, call: 'c3', what, state: 'wedged', trouble, attempts: 1, code })
  return {
    ...scene,
    view: {
      ...scene.view,
      outbox: [
        wedged('o1', 'status', 'refused', '422 mandatory_fields'),
        wedged('o2', 'message', 'forbidden', '403'),
        wedged('o3', 'edit', 'refused', '422 wrong_phone'),
        wedged('o4', 'message', 'gone', '404 case_not_found'),
      ],
    },
  }
}

const NEWER: VersionView = {
  version: '0.1.0',
  update: { type: 'newer', version: '0.2.0', notes: 'Всплывающее окно помещается и на узком экране.\nЗапись звонка прикладывается к обращению быстрее.' },
}

export const scenes: Record<string, () => Scene> = {
  'ws-setup-empty': setUp({}),
  'ws-setup-user': setUp({ ...FILLED, pbxUser: '', hasPbxPassword: true }, userRefused),
  'ws-setup-channel': setUp({ ...FILLED, channel: '', hasPbxPassword: true, hasApiKey: true }, noSuchChannel),
  'ws-setup-office': setUp({ ...FILLED, pbxUser: '', extension: '', email: '', language: 'ru', origins: OFFICE_SET_UP }),
  'ws-setup-pbx': setUp({ ...FILLED, hasPbxPassword: true, hasApiKey: true }, keyRefused),
  'ws-setup-phone': setUp({ ...FILLED, hasPbxPassword: true, hasApiKey: true }, phoneOff),
  'ws-setup-open': setUp({ ...FILLED, pbxUrl: 'http://10.20.0.5:8088', hasPbxPassword: true, hasApiKey: true }),
  'ws-setup-feed': setUp({ pbxVendor: 'feed', pbxUrl: 'https://gateway.severtech.example/feed', extension: '204', hasPbxPassword: true }, tokenRefused),
  'ws-setup-environment': setUp({ ...FILLED, secrets: 'environment', hasPbxPassword: true, hasApiKey: true }),
  'ws-nokeychain': () => ({ view: desk({ stage: { type: 'noKeychain', locked: false } }), settings: { ...EMPTY, secrets: 'none' } }),
  'ws-keychain-locked': () => ({ view: desk({ stage: { type: 'noKeychain', locked: true } }), settings: EMPTY }),
  'ws-banner-keychain': callsWith(() => ({ keychain: 'locked' })),
  'ws-banner-keychain-not-kept': callsWith(() => ({ keychain: 'notKept' })),
  'ws-settings': () => ({
    rings: { incoming: true, missed: false },
    view: desk({ omnidesk: down('timeout', 12, 27 * MINUTE), calls: todaysCalls(), outbox: OWED().slice(0, 1) }),
    route: { page: 'settings' },
    overrides: keyRefused,
  }),
  'ws-settings-refused': () => ({
    view: desk(),
    route: { page: 'settings' },
    overrides: { saveSettings: async () => refused({ trouble: 'badSetting', about: 'pbxUrl' }) },
  }),
  'ws-settings-office': () => ({
    view: desk(),
    office: REFUSED_OFFICE,
    route: { page: 'settings' },
    settings: { dialPolicy: { countries: ['KZ', 'BY'], foreign: 'ask', premium: 'never', satellite: 'never', sharedCost: 'ask', fixed: true }, popupCorner: 'bottomLeft', popupScreen: 'HDMI-1', popupStay: 'untilClosed', hotkeyPrivate: '', origins: OFFICE },
    overrides: { hotkeys: async () => ({ by: 'here', heard: [{ hotkey: 'dial', keys: 'Ctrl+Alt+C' }], taken: ['popup'] }) },
  }),
  'ws-settings-environment': () => ({ view: desk(), route: { page: 'settings' }, settings: { secrets: 'environment' } }),
  'ws-settings-open': () => ({ view: desk({ inTheOpen: true }), route: { page: 'settings' }, settings: OPEN, overrides: openLine }),
  'ws-settings-waits': () => ({ view: desk({ pbx: down('plainHttp', null) }), route: { page: 'settings' }, settings: { ...OPEN, plainHttp: false } }),
  'ws-settings-certificate': () => ({ view: desk(), route: { page: 'settings' }, settings: OFFICE_CA }),
  'ws-settings-tls': () => ({ view: desk({ pbx: down('tls', 8) }), route: { page: 'settings' }, overrides: unknownAuthority }),
  'ws-version': () => ({ view: desk({ calls: todaysCalls() }), route: { page: 'settings' }, version: NEWER }),
  'ws-version-loading': () => ({ view: desk({ calls: todaysCalls() }), route: { page: 'settings' }, version: { version: '0.1.0', update: { type: 'installing', percent: 42 } } }),
  'ws-banner-version': () => ({ ...callsWith(() => ({}))(), version: NEWER }),
  'ws-outbox': outboxScene,
  'ws-outbox-mandatory': refusals,
  'ws-outbox-no-recording': () => {
    const scene = outboxScene()
    const never = owed({ id: 'o7', call: 'c1', what: 'recording', state: 'done', recording: 'never', createdAt: ago(7 * MINUTE) })
    return { ...scene, view: { ...scene.view, outbox: [...scene.view.outbox, never] } }
  },
  'ws-outbox-empty': () => {
    const scene = outboxScene()
    return { ...scene, view: { ...scene.view, outbox: scene.view.outbox.filter((row) => row.state === 'done') } }
  },
  'ws-banner-pbx': callsWith(() => ({ pbx: down('unreachable', 8) })),
  'ws-banner-pbx-password': callsWith(() => ({ pbx: down('badCredentials', null) })),
  'ws-banner-pbx-replaced': callsWith(() => ({ pbx: down('replaced', null) })),
  'ws-banner-flooding': callsWith(() => ({ pbx: down('flooding', 240) })),
  'ws-banner-open': callsWith(() => ({ inTheOpen: true })),
  'ws-banner-open-waits': callsWith(() => ({ pbx: down('plainHttp', null) })),
  'ws-banner-omnidesk': callsWith(() => ({ omnidesk: down('timeout', 30, 27 * MINUTE) })),
  'ws-banner-key': callsWith(() => ({ omnidesk: down('badCredentials', null) })),
  'ws-banner-rate': callsWith(() => ({ omnidesk: down('rateLimited', 90) })),
  'ws-banner-wedged': callsWith(() => ({ outbox: OWED() })),
  'ws-banner-disk': callsWith(() => ({ storage: { ...DISK_WELL, fault: 'full', since: ago(2 * MINUTE) } })),
  'ws-banner-disk-back': callsWith(() => ({ storage: { ...DISK_WELL, mendedAt: ago(5) } })),
  'ws-banner-restart': callsWith(() => ({ faults: { tasks: 0, restarts: 1, restartedAt: ago(5) } })),
  'ws-banner-disk-aside': callsWith(() => ({ storage: { ...DISK_WELL, aside: '/home/litvinova/.local/share/ringside/ringside.damaged-1.db' } })),
  'ws-banner-office-unread': callsWith(() => ({ storage: { ...DISK_WELL, officeUnread: true } })),
  'ws-banner-disk-unreadable': callsWith(() => ({ storage: { ...DISK_WELL, unreadable: 3 } })),
  'ws-banner-phone': callsWith(() => ({ agent: { extension: '204', name: 'Анна Литвинова', email: 'a.litvinova@severtech.example', phoneOnline: false } })),
  'ws-banner-environment': callsWith(() => ({}), { secrets: 'environment' }),
  'ws-banner-retrying': callsWith(() => ({ pbx: { ...down('unreachable', null), state: 'connecting' } })),
  'ws-banner-callbar': callsWith(() => ({ pbx: down('unreachable', 8), calls: [call({ phase: 'talking', answeredAt: ago(60), caller: known(TIMUR) }), ...todaysCalls()] })),
}
