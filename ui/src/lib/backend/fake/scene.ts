/** What a scene consists of, and the building blocks to write one in a few lines. */
import type {
  Backend,
  CallView,
  CasePageView,
  CaseRow,
  Caution,
  DataField,
  DeskView,
  DialPreview,
  FieldView,
  FoundUser,
  LinkView,
  NumberView,
  OfficeView,
  OutcomeView,
  ProfileView,
  ReminderView,
  Route,
  RingsView,
  ScreenView,
  SettingsView,
  StartTrouble,
  StorageView,
  UserForm,
  UserView,
  VersionView,
} from '../types'
import { callUser } from '$lib/calls'
import { isMissed } from '$lib/missed'

export interface Scene {
  view: DeskView
  /** The page the workspace opens with. */
  route?: Route
  profiles?: ProfileView[]
  /** Calls of the history that the desk has forgotten. */
  past?: CallView[]
  cases?: CasePageView[]
  found?: FoundUser[]
  settings?: Partial<SettingsView>
  /** The data fields of «Поля данных». */
  fields?: DataField[]
  /** What the office has published. */
  office?: OfficeView
  form?: UserForm
  /** Why the program cannot work, for the start window. */
  trouble?: StartTrouble
  /** What the dial window understands; without it nothing is understood. */
  preview?: DialPreview
  /** Why the number is not dialled at once. */
  caution?: Caution
  /** The workspace leaves the popup no room for a card. */
  shortOfRoom?: boolean
  /** As high as the screen lets a card be, CSS px. */
  highest?: number
  /** The screens that are connected. */
  screens?: ScreenView[]
  /** Which version runs, and what is known of newer ones. */
  version?: VersionView
  /** For which calls sounds are chosen. */
  rings?: RingsView
  /** Commands that behave otherwise in this scene (errors, waits). */
  overrides?: Partial<Backend>
}

const SECOND = 1000
const DAY = 24 * 60 * 60 * SECOND

/** A moment some seconds before now. */
export function ago(seconds: number): number {
  return Date.now() - seconds * SECOND
}

/** A moment some days before now, at this time of day. */
export function daysAgo(days: number, hours = 12, minutes = 0): number {
  return new Date(Date.now() - days * DAY).setHours(hours, minutes, 0, 0)
}

/** A day of the year (month 1-12), the last one that is over. */
export function on(day: number, month: number, hours = 12, minutes = 0): number {
  const moment = new Date()
  moment.setMonth(month - 1, day)
  moment.setHours(hours, minutes, 0, 0)
  if (moment.getTime() > Date.now()) moment.setFullYear(moment.getFullYear() - 1)
  return moment.getTime()
}

/** A disk that takes everything. */
export const DISK_WELL: StorageView = { fault: null, since: null, mendedAt: null, aside: null, unreadable: 0, officeUnread: false }

export const LINK_UP: LinkView = { state: 'up', trouble: null, since: ago(3 * 60 * 60), retryAt: null }

export function outside(pretty: string, extension: string | null = null): NumberView {
  return { kind: 'external', pretty, e164: '+' + pretty.replace(/\D/g, ''), dial: '+' + pretty.replace(/\D/g, ''), extension }
}

/** Who waits to be called back, much as the back end would say. */
function waiting(call: CallView): string | null {
  if (!isMissed(call) || call.talkedLater !== null || call.claim?.state === 'over') return null
  const user = callUser(call)
  if (user !== null) return `user ${user.id}`
  return call.number.kind === 'withheld' ? `call ${call.id}` : `number ${call.number.e164 ?? call.number.pretty}`
}

export function desk(given: Partial<DeskView> = {}): DeskView {
  const calls = (given.calls ?? []).map((call) => ({ ...call, waiting: waiting(call) }))
  const part = { ...given, calls }
  return {
    kept: calls.length,
    missed: new Set(calls.map((call) => call.waiting).filter((who) => who !== null)).size,
    revision: 1,
    now: Date.now(),
    stage: { type: 'ready' },
    popup: [],
    private: false,
    pause: { paused: null, meanwhile: null },
    reminders: [],
    sample: null,
    pbx: LINK_UP,
    inTheOpen: false,
    onlyTells: false,
    faults: { tasks: 0, restarts: 0, restartedAt: null },
    omnidesk: LINK_UP,
    keychain: 'answers',
    storage: DISK_WELL,
    outbox: [],
    agent: { extension: '204', name: 'Анна Литвинова', email: 'a.litvinova@severtech.example', phoneOnline: true },
    fields: [shown('name'), shown('email'), shown('company'), shown('cf_25', 'Тариф'), shown('cf_26', 'Номер договора')],
    sections: [],
    labels: ['Счёт', 'Жалоба', 'Вернуть деньги'],
    claims: true,
    language: '',
    channel: 'there',
    users: { users: 1240, asOf: new Date().setHours(9, 2, 0, 0), reading: false, read: 0, of: null, secondsLeft: null, missing: 0, failed: false },
    ...part,
  }
}

/** A field of the popup, without conditions and colours; a scene changes what it needs. */
export function shown(field: string, title = '', part: Partial<FieldView> = {}): FieldView {
  return { field, title, always: false, lines: [], colors: [], ...part }
}

/** A reminder whose time has come; a scene changes what it needs. */
export function reminder(part: Partial<ReminderView> = {}): ReminderView {
  return {
    id: 'call-1/reminder-1',
    call: 'call-1',
    due: ago(60),
    what: '',
    name: 'Тимур Ибрагимов',
    number: outside('+7 (921) 555-01-34'),
    user: null,
    caseId: null,
    isDue: true,
    isLate: false,
    inPopup: true,
    ...part,
  }
}

/** An incoming call that rings since seven seconds; a scene changes what it needs. */
export function call(part: Partial<CallView> = {}): CallView {
  return {
    id: 'call-1',
    direction: 'inbound',
    phase: 'ringing',
    disposition: null,
    number: outside('+7 (921) 555-01-34'),
    pbxName: null,
    line: 'Поддержка',
    offeredAt: ago(7),
    answeredAt: null,
    endedAt: null,
    caller: { type: 'unknown' },
    among: null,
    case: { type: 'none' },
    draft: { subject: '', gist: '', savedAt: null, unsent: false },
    recording: 'none',
    transferredTo: null,
    transferredFrom: null,
    ringsAlsoAt: [],
    talkedLater: null,
    waiting: null,
    outcome: null,
    unseen: null,
    talkAtLeast: false,
    ordered: false,
    calledFrom: null,
    trouble: null,
    caseGone: false,
    elsewhere: false,
    labels: [],
    claim: null,
    ...part,
  }
}

/** What was decided when a call ended: nothing to undo, no missed-call case closed. */
export function outcome(part: Pick<OutcomeView, 'rule' | 'status' | 'reason'> & Partial<OutcomeView>): OutcomeView {
  return { closedMissed: [], undo: null, undone: false, overruled: false, ...part }
}

export function caseRow(part: Partial<CaseRow> & Pick<CaseRow, 'number' | 'subject'>): CaseRow {
  return {
    id: part.number.replace('-', ''),
    status: 'closed',
    handset: 'incoming',
    staff: 'Анна Литвинова',
    updatedAt: on(12, 11, 11, 20),
    isCall: true,
    claim: null,
    ...part,
  }
}

export function user(part: Partial<UserView> & Pick<UserView, 'id' | 'name'>): UserView {
  return {
    email: null,
    phones: [],
    company: null,
    position: null,
    note: null,
    blocked: false,
    fields: [],
    linkedUnread: false,
    ...part,
  }
}
