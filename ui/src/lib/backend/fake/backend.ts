/** The stand-in itself: answers from its scene and changes it as the real back end would, without deciding any rule. */
import type { Backend, CallView, CommandError, DataField, DeskView, DialPreview, FoundUser, HeardHotkey, PhraseRow, Result, Route, SettingsView, WhenChoice } from '../types'
import { rangesOf } from '$lib/marks'
import { callLister } from './call-list'
import { QR } from './enrolment'
import { figures } from './figures'
import { teamFigures } from './team'
import { health } from './health'
import { OFFICE, published } from './office'
import * as PHRASES from './phrases'
import { call as newCall, reminder, type Scene } from './scene'
import { shownTo } from './shown'
import { VENDORS } from './vendors'

const SETTINGS: SettingsView = {
  pbxVendor: '',
  pbxVendors: VENDORS,
  pbxUrl: 'https://pbx.severtech.example:8089',
  plainHttp: false,
  pbxCa: '',
  pbxCertificates: [],
  pbxUser: 'ringside',
  extension: '204',
  recordingFolder: '',
  context: 'from-internal',
  omnideskUrl: 'https://severtech.omnidesk.ru',
  email: 'a.litvinova@severtech.example',
  channel: 'cch101',
  callIdField: 'cf_31',
  claimField: 'cf_32',
  region: 'RU',
  language: '',
  theme: '',
  several: 'newest',
  dialPolicy: { countries: [], foreign: 'ask', premium: 'ask', satellite: 'ask', sharedCost: 'ask', fixed: false },
  dialFormat: 'digits',
  unansweredOutgoingCases: true,
  usersHours: 12,
  historyMonths: 13,
  workingHours: [],
  fileHosts: [],
  popupCorner: 'topRight',
  popupScreen: 'pointer',
  popupStay: 'asNeeded',
  notifyMissed: true,
  notifyPaused: false,
  notifyDecisions: true,
  notifyInstead: true,
  linksAsk: 'always',
  hotkeyDial: 'Ctrl+Alt+C',
  hotkeyPopup: 'Ctrl+Alt+O',
  hotkeyPrivate: 'Ctrl+Alt+H',
  officeSettings: 'omnidesk',
  origins: [],
  hasPbxPassword: true,
  hasApiKey: true,
  secrets: 'keychain',
}

const HEARD: HeardHotkey[] = [
  { hotkey: 'dial', keys: 'Ctrl+Alt+C' },
  { hotkey: 'popup', keys: 'Ctrl+Alt+O' },
  { hotkey: 'private', keys: 'Ctrl+Alt+H' },
]

const NO_NUMBER: DialPreview = { kind: 'nonsense', pretty: '', extension: null, dial: null, caution: null, others: [], user: null }

/** The account's. */
const LABELS = ['Вернуть деньги', 'Жалоба', 'Консультация', 'Повторный звонок', 'Счёт']

/** As they are read at a moment. */
const WHEN_CHOICES = (): WhenChoice[] => {
  const now = Date.now()
  const day = (days: number, hour: number) => new Date(now + days * 86_400_000).setHours(hour, 0, 0, 0)
  return [
    { ru: 'через 15 минут', en: 'in 15 minutes', at: now + 900_000 },
    { ru: 'через час', en: 'in an hour', at: now + 3_600_000 },
    { ru: 'через 3 часа', en: 'in 3 hours', at: now + 10_800_000 },
    { ru: 'завтра в 10', en: 'tomorrow at 10', at: day(1, 10) },
    { ru: 'завтра в 15', en: 'tomorrow at 15', at: day(1, 15) },
    { ru: 'в понедельник в 9', en: 'on Monday at 9', at: day(8 - (new Date(now).getDay() || 7), 9) },
  ]
}

const GONE: CommandError = { trouble: 'gone', about: null }

export function ok<T>(data: T): Result<T> {
  return { status: 'ok', data }
}

export function refused<T>(error: CommandError): Result<T> {
  return { status: 'error', error }
}

export function fakeBackend(scene: Scene, looks: Pick<SettingsView, 'language' | 'theme'> = { language: '', theme: '' }): Backend {
  let view = scene.view
  let settings: SettingsView = { ...SETTINGS, ...scene.settings, ...looks }
  let fields: DataField[] = scene.fields ?? []
  let office = scene.office ?? OFFICE
  let phrases: PhraseRow[] = PHRASES.view.phrases
  const fieldsView = () => ok({ fields, fresh: true, locked: false, omnideskUrl: 'https://severtech.omnidesk.ru/staff/' })
  const listed = callLister()
  const deskListeners = new Set<(revision: number) => void>()
  const routeListeners = new Set<() => void>()
  let pages: Route[] = scene.route === undefined ? [] : [scene.route]

  const change = (part: Partial<DeskView>) => {
    const next = { ...view, ...part }
    view = { ...next, kept: next.calls.length, revision: view.revision + 1 }
    for (const listener of deskListeners) listener(view.revision)
  }
  const changeCall = (id: string, part: Partial<CallView>) =>
    change({ calls: view.calls.map((call) => (call.id === id ? { ...call, ...part } : call)) })
  const chooseUser = async (call: string, id: string): Promise<Result<null>> => {
    const user = [...(scene.found ?? []).map((found) => found.user), ...(scene.profiles ?? []).map((profile) => profile.user)]
      .concat(view.calls.flatMap((call) => (call.caller.type === 'several' ? call.caller.users : [])))
      .find((user) => user.id === id)
    if (user === undefined) return refused(GONE)
    changeCall(call, { caller: { type: 'known', user, matched: 'chosen', staleSince: null, lastCase: null } })
    return ok(null)
  }

  return {
    desk: async (shows) => shownTo(view, shows),
    onDeskChanged: async (listener) => {
      deskListeners.add(listener)
      return () => deskListeners.delete(listener)
    },
    pagesToOpen: async () => {
      const open = pages
      pages = []
      return open
    },
    onNavigate: async (listener) => {
      routeListeners.add(listener)
      return () => routeListeners.delete(listener)
    },

    profile: async (id) => {
      const found = scene.profiles?.find((profile) => profile.user.id === id)
      return found === undefined ? refused(GONE) : ok(found)
    },
    linkedProfiles: async (id) => {
      const found = scene.profiles?.find((profile) => profile.user.id === id)
      return found === undefined ? refused(GONE) : ok({ ...found.user, linkedUnread: false })
    },
    callList: async (query) => ok(listed(() => [...view.calls, ...(scene.past ?? [])], view.revision, view.agent.extension, query)),
    casePage: async (id) => {
      const found = scene.cases?.find((page) => page.case.id === id)
      return found === undefined ? refused(GONE) : ok(found)
    },
    caseByNumber: async (number) => {
      const found = scene.cases?.find((page) => page.case.number === number)
      return found === undefined ? refused(GONE) : ok(found.case.id)
    },
    searchUsers: async (query) => ok(query.trim() === '' ? [] : (scene.found ?? []).map((found) => marked(found, query))),
    recording: async () => ok(silentWav(4)),
    openInOmnidesk: async () => ok(null),

    openCompose: async (call) => changeCall(call, { case: { type: 'draft' } }),
    sendDraft: async (call) => {
      const draft = view.calls.find((other) => other.id === call)?.draft
      if (draft?.unsent === true) changeCall(call, { draft: { ...draft, unsent: false } })
      return ok(null)
    },
    saveDraft: async (call, subject, gist) => {
      const savedAt = Date.now()
      const ended = view.calls.some((other) => other.id === call && other.phase === 'ended')
      changeCall(call, { draft: { subject, gist, savedAt, unsent: ended } })
      return ok(savedAt)
    },
    createCase: async (call, subject) => {
      changeCall(call, { case: { type: 'sending', subject } })
      const made = scene.cases?.[0]
      if (made !== undefined) {
        const { id: caseId, number } = made.case
        changeCall(call, { case: { type: 'linked', caseId, number, subject, attached: false } })
      }
      return ok(null)
    },
    attachCall: async (call, caseId, gist) => {
      const row = scene.profiles?.flatMap((profile) => profile.cases).find((row) => row.id === caseId)
      if (row === undefined) return refused(GONE)
      changeCall(call, {
        case: { type: 'linked', caseId, number: row.number, subject: row.subject, attached: true },
        draft: { subject: '', gist, savedAt: Date.now(), unsent: false },
      })
      return ok(null)
    },
    linkUser: chooseUser,
    chooseUser,

    userForm: async () => (scene.form === undefined ? refused(GONE) : ok(scene.form)),
    editUser: async () => ok(null),
    readNumber: async () => scene.preview ?? NO_NUMBER,
    dial: async (number, caseId, agreed) => {
      const { caution } = scene
      if (caution !== undefined && (caution.never || agreed !== caution.doubt)) return ok({ type: 'held', caution })
      const number_ = scene.preview?.pretty ?? number
      const placed = newCall({ id: 'dialled', direction: 'outbound', phase: 'callingAgent', ordered: true, calledFrom: caseId, line: null })
      placed.number = { kind: 'external', pretty: number_, e164: null, dial: number, extension: null }
      change({ calls: [placed, ...view.calls] })
      return ok({ type: 'placed', call: placed.id })
    },
    hangUp: async (id) => {
      changeCall(id, { phase: 'ended', endedAt: Date.now(), disposition: 'noAnswer' })
      return ok(null)
    },
    undoOutcome: async (id) => {
      const outcome = view.calls.find((call) => call.id === id)?.outcome
      if (outcome == null) return refused(GONE)
      changeCall(id, { outcome: { ...outcome, status: outcome.undo, undo: null, undone: true } })
      return ok(null)
    },
    lookingAt: async () => null,
    awaitTrial: async () => null,
    dataFields: async () => fieldsView(),
    saveFields: async (next) => {
      fields = next
      return fieldsView()
    },
    exportFields: async () => ok(JSON.stringify(fields)),
    exportAside: async () => ok('[]'),
    importFields: async (text) => {
      fields = JSON.parse(text) as DataField[]
      return fieldsView()
    },
    pickLabels: async (id, labels) => {
      changeCall(id, { labels })
      return ok(null)
    },
    claim: async (id, on) => {
      const since = Date.now()
      changeCall(id, { claim: on ? { state: 'sending', by: '', name: view.agent.name ?? '', since, until: since + 7_200_000 } : null })
      return ok(null)
    },
    hidePersonal: async (hide) => {
      change({ private: hide })
      return ok(null)
    },
    pausePopups: async (length) => {
      const until = length.type === 'untilSaid' ? null : length.type === 'tomorrow' ? new Date(Date.now() + 86_400_000).setHours(0, 0, 0, 0) : Date.now() + length.minutes * 60_000
      change({ pause: { paused: { byHours: false, until }, meanwhile: null } })
      return ok(null)
    },
    resumePopups: async () => {
      change({ pause: { ...view.pause, paused: null } })
      return ok(null)
    },
    knowsOfMissed: async () => change({ pause: { ...view.pause, meanwhile: null } }),
    lookAtMissed: async () => ok(null),
    labels: async () => ok({ chosen: view.labels, all: LABELS, fresh: true, locked: false }),
    saveLabels: async (labels) => {
      change({ labels })
      return ok({ chosen: labels, all: LABELS, fresh: true, locked: false })
    },
    readWhen: async (text) => ok(text.includes('вчера') ? { type: 'past' } : { type: 'at', at: new Date(Date.now() + 86_400_000).setHours(10, 0, 0, 0), change: 'none' }),
    whenChoices: async () => ok(WHEN_CHOICES()),
    remind: async (id, when, what) => {
      const call = view.calls.find((call) => call.id === id)
      if (call === undefined) return refused(GONE)
      const due = WHEN_CHOICES().find((choice) => choice.ru === when)?.at ?? Date.now() + 3_600_000
      const set = reminder({ id: `${id}/reminder-1`, call: id, due, what, number: call.number, name: '', isDue: false, inPopup: false })
      change({ reminders: [...view.reminders.filter((other) => other.call !== id), set] })
      return ok(null)
    },
    remindLater: async (id) => {
      change({ reminders: view.reminders.map((one) => (one.id === id ? { ...one, due: Date.now() + 3_600_000, isDue: false, inPopup: false } : one)) })
      return ok(null)
    },
    endReminder: async (id) => {
      change({ reminders: view.reminders.filter((one) => one.id !== id) })
      return ok(null)
    },
    phrasesFor: async () => ok(PHRASES.filled),
    officeSettings: async () => ok(office),
    publishOffice: async () => ok((office = published(office))),
    publishOfficeBefore: async () => ok((office = published(office))),
    goBackOffice: async (back) => ok((office = { ...office, back })),
    phrases: async () => ok({ ...PHRASES.view, phrases }),
    savePhrases: async (next) => {
      phrases = next
      return ok({ ...PHRASES.view, phrases })
    },
    unknownFields: async (text) => [...text.matchAll(/\{[^{}]+\}/g)].map(([field]) => field).filter((field) => !PHRASES.names.has(field)),
    showTestCall: async () => null,
    enrolmentLink: async (agent) => {
      const { pbxUrl, context, dialFormat, omnideskUrl, channel, region } = settings
      const said = Object.entries({ pbxUrl, extension: agent.extension, pbxUser: agent.pbxUser, context, dialFormat, omnideskUrl, email: agent.email, channel, region })
      const values = said.filter(([, text]) => text !== '').map(([key, text]) => ({ key, text }))
      return ok({ made: { link: `ringside://setup?v=1&${values.map(({ key, text }) => `${key}=${text}`).join('&')}`, values }, qr: QR })
    },
    startsAtLogin: async () => ok(false),
    startAtLogin: async (on) => ok(on),
    linksHolder: async () => ok({ type: 'other', name: 'Linphone' }),
    takeLinks: async () => ok({ type: 'here', taken: true }),
    giveLinksBack: async () => ok({ type: 'other', name: 'Linphone' }),
    hotkeys: async () => ({ by: 'here', heard: HEARD, taken: [] }),
    recordHotkey: async (on) => ({ by: 'here', heard: on ? [] : HEARD, taken: [] }),
    askForHotkeys: async () => ({ by: 'asked', heard: [], taken: [] }),
    onHotkeysChanged: async () => () => {},
    version: async () => scene.version ?? { version: '0.1.0', update: { type: 'off' } },
    lookForUpdate: async () => ({ type: 'newest' }),
    installUpdate: async () => ({ type: 'failed', trouble: 'signature' }),
    onVersionKnown: async () => () => {},
    openDial: async () => null,
    dialReady: async () => ({ text: '', trouble: null, caution: null, from: 'agent' }),
    onDialOpened: async () => () => {},
    dialSize: async () => null,
    hideDial: async () => null,
    startTrouble: async () => scene.trouble ?? { fault: 'other', folder: '', detail: '' },
    startAgain: async () => null,
    startAnew: async () => ({ status: 'ok', data: null }),
    startQuit: async () => null,
    giveUpOutbox: async (id) => {
      change({ outbox: view.outbox.filter((row) => row.id !== id) })
      return ok(null)
    },
    reconnect: async () => null,

    health: async () => ok(health()),
    figures: async (range) => ok(figures(range)),
    teamFigures: async (range) => ok(teamFigures(range)),
    settings: async () => settings,
    appearance: async () => ({ transparent: false, language: settings.language, theme: settings.theme }),
    saveSettings: async (next) => {
      settings = next
      return ok(next)
    },
    testPbx: async () =>
      ok([
        { step: 'reach', outcome: 'passed', ms: 21, trouble: null, details: null, address: null },
        { step: 'signIn', outcome: 'passed', ms: 34, trouble: null, details: null, address: null },
        { step: 'interface', outcome: 'passed', ms: 8, trouble: null, details: null, address: null },
        { step: 'subscribe', outcome: 'passed', ms: 12, trouble: null, details: null, address: null },
        { step: 'extension', outcome: 'passed', ms: 9, trouble: null, details: null, address: null },
        { step: 'phone', outcome: 'passed', ms: 7, trouble: null, details: null, address: null },
        { step: 'context', outcome: 'passed', ms: 11, trouble: null, details: null, address: null },
        { step: 'secrets', outcome: 'passed', ms: 5, trouble: null, details: null, address: null },
        { step: 'socket', outcome: 'passed', ms: 40, trouble: null, details: null, address: null },
      ]),
    omnideskChannels: async () =>
      ok([
        { key: 'cch101', title: 'Звонки' },
        { key: 'cch102', title: 'Чат на сайте' },
      ]),
    testOmnidesk: async () =>
      ok([
        { step: 'reach', outcome: 'passed', ms: 112, trouble: null, details: null, address: null },
        { step: 'signIn', outcome: 'passed', ms: 180, trouble: null, details: null, address: null },
        { step: 'staff', outcome: 'passed', ms: 96, trouble: null, details: null, address: null },
        { step: 'channel', outcome: 'passed', ms: 88, trouble: null, details: null, address: null },
        { step: 'callIdField', outcome: 'passed', ms: 74, trouble: null, details: null, address: null },
        { step: 'phoneField', outcome: 'passed', ms: 74, trouble: null, details: null, address: null },
      ]),
    retryOutbox: async (id) => {
      change({ outbox: view.outbox.map((row) => (row.id === id ? { ...row, state: 'sending', trouble: null } : row)) })
      return ok(null)
    },

    rehearsePopup: async () => null,
    popupPainted: async () => null,
    popupSize: async () => null,
    popupRoom: async () => ({ isShort: scene.shortOfRoom === true, highest: scene.highest ?? 560 }),
    rings: async () => scene.rings ?? { incoming: false, missed: false },
    ringSound: async () => null,
    keepRingSound: async () => ({ status: 'ok', data: null }),
    forgetRingSound: async () => ({ status: 'ok', data: null }),
    screens: async () => scene.screens ?? [{ name: 'eDP-1', isPrimary: true }],
    onPopupRoom: async () => () => {},
    onPopupTurnedTo: async () => () => {},
    focusPopup: async () => null,
    hidePopup: async () => change({ popup: [] }),
    doneWithCall: async (id) => change({ popup: view.popup.filter((shown) => shown !== id) }),
    openRoute: async (route) => {
      pages.push(route)
      for (const listener of routeListeners) listener()
    },
    windowGround: async () => null,
    mainReady: async () => null,
    mainPainted: async () => null,
    zoom: async () => null,
    onRestAsked: async () => () => {},
    giveBack: async () => null,
    onClosingAsked: async () => () => {},
    answerClosing: async () => null,
    ...scene.overrides,
  }
}

/** Some seconds of silence as a WAV file: something to play. */
function silentWav(seconds: number): Blob {
  const rate = 8000
  const data = rate * seconds
  const bytes = new Uint8Array(44 + data).fill(128, 44)
  const put = new DataView(bytes.buffer)
  const ascii = (at: number, text: string) => [...text].forEach((char, i) => put.setUint8(at + i, char.charCodeAt(0)))
  ascii(0, 'RIFF')
  put.setUint32(4, 36 + data, true)
  ascii(8, 'WAVEfmt ')
  put.setUint32(16, 16, true)
  put.setUint16(20, 1, true)
  put.setUint16(22, 1, true)
  put.setUint32(24, rate, true)
  put.setUint32(28, rate, true)
  put.setUint16(32, 1, true)
  put.setUint16(34, 8, true)
  ascii(36, 'data')
  put.setUint32(40, data, true)
  return new Blob([bytes], { type: 'audio/wav' })
}

/** What matched, where the typed text stands in it. */
function marked(found: FoundUser, query: string): FoundUser {
  const ranges = (text: string) => rangesOf(text, query).map(([from, to]): [number, number] => [from, to])
  return { ...found, matched: found.matched.map((place) => ({ ...place, ranges: ranges(place.text) })) }
}
