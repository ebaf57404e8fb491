/** The kinds of PBX: what each wants to know comes from the back end, the words from here. */
import type { SettingsView, VendorFieldView, VendorView } from '$lib/backend'
import { m } from '$lib/m'

/** The settings that a kind of PBX may ask for as a text. */
export type PbxText = (typeof TEXTS)[number]

const TEXTS = ['pbxUrl', 'pbxUser', 'extension', 'context', 'recordingFolder'] as const

const NAMES: Record<string, () => string> = { ari: m.settings_vendor_ari, feed: m.settings_vendor_feed }
const ABOUT: Record<string, () => string> = { ari: m.settings_vendor_ari_text, feed: m.settings_vendor_feed_text }

const LABELS: Record<string, () => string> = {
  pbxUrl: m.settings_field_pbx_url,
  feedUrl: m.settings_field_feed_url,
  extension: m.settings_field_extension,
  context: m.settings_field_context,
  user: m.settings_field_pbx_user,
  password: m.settings_password,
  token: m.settings_token,
  recordingFolder: m.settings_field_recording_folder,
}

const HELPS: Record<string, () => string> = {
  pbxUrl: m.settings_field_pbx_url_hint,
  feedUrl: m.settings_field_feed_url_hint,
  context: m.settings_field_context_hint,
  token: m.settings_token_hint,
  recordingFolder: m.settings_field_recording_folder_hint,
}

/** The kind that is set; the first one where settings name none. */
export function vendorOf(settings: SettingsView): VendorView | undefined {
  return settings.pbxVendors.find((vendor) => vendor.name === settings.pbxVendor) ?? settings.pbxVendors[0]
}

/** What it is called. */
export function vendorName(vendor: Pick<VendorView, 'name'>): string {
  return NAMES[vendor.name]?.() ?? vendor.name
}

/** What it is, and what it cannot do. */
export function vendorText(vendor: VendorView): string {
  return ABOUT[vendor.name]?.() ?? ''
}

export function labelOf(field: VendorFieldView): string {
  return LABELS[field.label]?.() ?? field.key
}

export function helpOf(field: VendorFieldView): string | undefined {
  return field.help === null ? undefined : HELPS[field.help]?.()
}

/** Whether a field's text is one of the settings; the secret is none. */
export function isText(key: string): key is PbxText {
  return (TEXTS as readonly string[]).includes(key)
}
