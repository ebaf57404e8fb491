/** What a link's settings are called, and how their values are read by people. */
import type { EnrolmentFault, SettingsView } from '$lib/backend'
import { language } from '$lib/i18n.svelte'
import { m } from '$lib/m'
import { vendorName, vendorOf } from '../settings/vendor'

const NAMES: Record<string, () => string> = {
  pbxVendor: m.settings_vendor,
  pbxUrl: m.settings_field_pbx_url,
  extension: m.settings_field_extension,
  pbxUser: m.settings_field_pbx_user,
  context: m.settings_field_context,
  recordingFolder: m.settings_field_recording_folder,
  dialFormat: m.settings_dial_format,
  omnideskUrl: m.enrol_omnidesk_url,
  email: m.settings_field_email,
  channel: m.settings_field_channel,
  callIdField: m.settings_field_call_id,
  claimField: m.claim_field,
  region: m.settings_region,
  language: m.settings_language,
}

/** What people call a setting. */
export function settingName(key: string): string {
  return NAMES[key]?.() ?? key
}

/** A value as people read it. */
export function settingText(key: string, value: string): string {
  if (value === '') return m.enrol_unset()
  if (key === 'pbxVendor') return vendorName({ name: value })
  if (key === 'region') return countryName(value)
  if (key === 'language') return value === 'ru' ? 'Русский' : 'English'
  if (key === 'dialFormat') return value === 'plus' ? '+79161234567' : value === 'eight' ? '89161234567' : '79161234567'
  return value
}

function countryName(code: string): string {
  const names = new Intl.DisplayNames([language()], { type: 'region' })
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code
}

/** What stands in these settings now. */
export function valueOf(settings: SettingsView, key: string): string {
  // Without a name it is the first kind.
  if (key === 'pbxVendor') return vendorOf(settings)?.name ?? ''
  const value = new Map<string, unknown>(Object.entries(settings)).get(key)
  return typeof value === 'string' ? value : ''
}

const FAULTS: Record<EnrolmentFault, () => string> = {
  notOne: m.enrol_refused_not_one,
  tooLong: m.enrol_refused_too_long,
  otherVersion: m.enrol_refused_other_version,
  secret: m.enrol_refused_secret,
  twice: m.enrol_refused_twice,
  bad: m.enrol_refused_bad,
  empty: m.enrol_refused_empty,
}

/** Why a link sets nothing, and what to do about it. */
export function faultText(fault: EnrolmentFault, key: string | null): string {
  return fault === 'bad' && key !== null ? m.enrol_refused_bad_key({ setting: settingName(key) }) : FAULTS[fault]()
}
