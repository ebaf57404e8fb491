/** What a connection test found wrong: what happened and what to do, for either side (D6). */
import type { SettingsView, TestLine, TroubleView } from './backend'
import { m } from './m'

/** Which connection is meant. */
export type Side = 'pbx' | 'omnidesk'

/** What the words speak of. */
export interface Subject {
  host: string
  extension: string
  context: string
  email: string
  /** The kind of PBX, where it is not the first one. */
  vendor?: string
}

export interface Wording {
  title: string
  advice: string
}

type Words = readonly [title: (subject: Subject) => string, advice: (subject: Subject) => string]

const BOTH = {
  unknownHost: [m.setup_unknown_host, m.setup_unknown_host_advice],
  tls: [m.setup_tls, m.setup_tls_advice],
  noTls: [m.setup_no_tls, m.setup_no_tls_advice],
  needsTls: [m.setup_needs_tls, m.setup_needs_tls_advice],
  plainHttp: [m.setup_plain_http, m.setup_plain_http_advice],
  timeout: [m.setup_timeout, m.setup_timeout_advice],
  booting: [m.setup_booting, m.setup_booting_advice],
  noSuchExtension: [m.setup_no_extension, m.setup_no_extension_advice],
  phoneOffline: [m.setup_phone_offline, m.setup_phone_offline_advice],
  readOnly: [m.setup_read_only, m.setup_read_only_advice],
  noRoute: [m.setup_context_no_route, m.setup_context_no_route_advice],
  noSuchNumber: [m.setup_other, m.setup_other_advice],
  lineRefused: [m.setup_other, m.setup_other_advice],
  openPbx: [m.setup_open_pbx, m.setup_open_pbx_advice],
  replaced: [m.setup_replaced, m.setup_replaced_advice],
  silent: [m.setup_silent, m.setup_silent_advice],
  closed: [m.setup_closed, m.setup_closed_advice],
  rateLimited: [m.setup_rate_limited, m.setup_rate_limited_advice],
  serverError: [m.setup_server_error, m.setup_server_error_advice],
  refused: [m.setup_refused, m.setup_refused_advice],
  flooding: [m.setup_flooding, m.setup_flooding_advice],
  notOffered: [m.setup_other, m.setup_other_advice],
  foreignHost: [m.setup_other, m.setup_other_advice],
  fileAddress: [m.setup_other, m.setup_other_advice],
  notSound: [m.setup_other, m.setup_other_advice],
  badSetting: [m.setup_bad_setting, m.setup_bad_setting_advice],
  noKeychain: [m.setup_no_keychain, m.setup_no_keychain_advice],
  keychainLocked: [m.setup_no_keychain, m.setup_no_keychain_advice],
  storage: [m.setup_storage, m.setup_storage_advice],
  other: [m.setup_other, m.setup_other_advice],
} as const satisfies Partial<Record<TroubleView, Words>>

const WORDS: Record<Side, Record<TroubleView, Words>> = {
  pbx: {
    ...BOTH,
    tls: [m.setup_tls, m.setup_pbx_tls_advice],
    unreachable: [m.setup_pbx_unreachable, m.setup_pbx_unreachable_advice],
    badCredentials: [m.setup_pbx_credentials, m.setup_pbx_credentials_advice],
    forbidden: [m.setup_pbx_forbidden, m.setup_pbx_forbidden_advice],
    wrongService: [m.setup_pbx_wrong_service, m.setup_pbx_wrong_service_advice],
    gone: [m.setup_pbx_gone, m.setup_pbx_gone_advice],
  },
  omnidesk: {
    ...BOTH,
    noTls: [m.setup_no_tls, m.setup_omnidesk_no_tls_advice],
    unreachable: [m.setup_omnidesk_unreachable, m.setup_omnidesk_unreachable_advice],
    badCredentials: [m.setup_omnidesk_credentials, m.setup_omnidesk_credentials_advice],
    forbidden: [m.setup_omnidesk_forbidden, m.setup_omnidesk_forbidden_advice],
    wrongService: [m.setup_omnidesk_wrong_service, m.setup_omnidesk_wrong_service_advice],
    gone: [m.setup_omnidesk_gone, m.setup_omnidesk_gone_advice],
  },
}

/** Of a feed's tokens and gateways other things are said than of a PBX's users. */
const FEED: Partial<Record<TroubleView, Words>> = {
  badCredentials: [m.setup_feed_credentials, m.setup_feed_credentials_advice],
  forbidden: [m.setup_feed_forbidden, m.setup_feed_forbidden_advice],
  noSuchExtension: [m.setup_feed_no_extension, m.setup_feed_no_extension_advice],
  wrongService: [m.setup_feed_wrong_service, m.setup_feed_wrong_service_advice],
}

/** A step of a test knows more exactly what is missing than the cause alone. */
const EXACT: Record<Side, Record<string, Partial<Record<TroubleView, Words>>>> = {
  pbx: { context: { gone: [m.setup_context_gone, m.setup_context_gone_advice] } },
  omnidesk: {
    reach: { gone: [m.setup_host_gone, m.setup_host_gone_advice] },
    staff: { gone: [m.setup_staff_gone, m.setup_staff_gone_advice], refused: [m.setup_staff_off, m.setup_staff_off_advice] },
    channel: { gone: [m.setup_channel_gone, m.setup_channel_gone_advice], badSetting: [m.setup_channel_unset, m.setup_channel_unset_advice] },
    callIdField: { gone: [m.setup_call_id_gone, m.setup_call_id_gone_advice] },
    phoneField: { gone: [m.setup_phone_field_gone, m.setup_phone_field_gone_advice] },
  },
}

/** Which steps the test of Omnidesk has, for the lines that wait; the answer of the test is what counts. The PBX's steps are its vendor's. */
export const OMNIDESK_STEPS = ['reach', 'signIn', 'staff', 'channel', 'callIdField', 'phoneField']

interface StepWords {
  waiting: () => string
  passed: (subject: Subject) => string
}

const SHARED_STEPS: Record<string, StepWords> = {
  reach: { waiting: m.setup_wait_reach, passed: m.setup_pass_reach },
  interface: { waiting: m.setup_wait_interface, passed: m.setup_pass_interface },
  subscribe: { waiting: m.setup_wait_subscribe, passed: m.setup_pass_subscribe },
  extension: { waiting: m.setup_wait_extension, passed: m.setup_pass_extension },
  phone: { waiting: m.setup_wait_phone, passed: m.setup_pass_phone },
  context: { waiting: m.setup_wait_context, passed: m.setup_pass_context },
  secrets: { waiting: m.setup_wait_secrets, passed: m.setup_pass_secrets },
  socket: { waiting: m.setup_wait_socket, passed: m.setup_pass_socket },
  staff: { waiting: m.setup_wait_staff, passed: m.setup_pass_staff },
  channel: { waiting: m.setup_wait_channel, passed: m.setup_pass_channel },
  callIdField: { waiting: m.setup_wait_call_id, passed: m.setup_pass_call_id },
  phoneField: { waiting: m.setup_wait_phone_field, passed: m.setup_pass_phone_field },
}

const STEP_WORDS: Record<Side, Record<string, StepWords>> = {
  pbx: { ...SHARED_STEPS, signIn: { waiting: m.setup_wait_sign_in_pbx, passed: m.setup_pass_sign_in_pbx } },
  omnidesk: { ...SHARED_STEPS, signIn: { waiting: m.setup_wait_sign_in_omnidesk, passed: m.setup_pass_sign_in_omnidesk } },
}

const FEED_STEPS: Record<string, StepWords> = {
  signIn: { waiting: m.setup_wait_sign_in_feed, passed: m.setup_pass_sign_in_feed },
  interface: { waiting: m.setup_wait_interface_feed, passed: m.setup_pass_interface_feed },
}

function isFeed(side: Side, subject: Subject): boolean {
  return side === 'pbx' && subject.vendor === 'feed'
}

function stepWords(side: Side, step: string, subject: Subject): StepWords | undefined {
  return (isFeed(side, subject) ? FEED_STEPS[step] : undefined) ?? STEP_WORDS[side][step]
}

/** The words for a connection that does not work. */
export function linkTrouble(side: Side, trouble: TroubleView, subject: Subject): Wording {
  const [title, advice] = (isFeed(side, subject) ? FEED[trouble] : undefined) ?? WORDS[side][trouble]
  return { title: title(subject), advice: advice(subject) }
}

/** A step that has not been tried. */
export function waitingText(side: Side, step: string, subject: Subject): string {
  return stepWords(side, step, subject)?.waiting() ?? m.setup_wait_other({ step })
}

/** A step that works. */
export function passedText(side: Side, step: string, subject: Subject): string {
  return stepWords(side, step, subject)?.passed(subject) ?? m.setup_wait_other({ step })
}

/** A step that does not work; without a reason from the back end, at least which step it is. */
export function failedText(side: Side, line: TestLine, subject: Subject): Wording {
  if (line.trouble !== null) {
    const exact = EXACT[side][line.step]?.[line.trouble]
    if (exact === undefined) return linkTrouble(side, line.trouble, subject)
    return { title: exact[0](subject), advice: exact[1](subject) }
  }
  return { title: waitingText(side, line.step, subject), advice: m.setup_other_advice() }
}

/** What the words speak of, from the settings. */
export function subjectOf(side: Side, settings: SettingsView): Subject {
  return {
    host: hostOf(side === 'pbx' ? settings.pbxUrl : settings.omnideskUrl),
    extension: settings.extension,
    context: settings.context,
    email: settings.email,
    vendor: settings.pbxVendor,
  }
}

/** `pbx.example` from `https://pbx.example:8089`; text that is no address stays as it is. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname || url : url
}
