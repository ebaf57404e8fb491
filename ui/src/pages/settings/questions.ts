/**
 * Which fields the set-up asks for. An ordinary office has six of them: two addresses, the extension, the e-mail address
 * and two secrets. Everything else has a value already: the guide's, the system's, what the office's file or a link says,
 * what the test finds. That is told in words under «Ещё», where it can be changed; nothing is taken in silence.
 */
import { systemLanguage } from '$lib/i18n.svelte'
import type { Side } from '$lib/link-trouble'
import { m } from '$lib/m'
import { settingName, settingText } from '../enrol/words'
import type { Field, SettingsDraft } from './draft.svelte'
import { isText, vendorOf } from './vendor'

/** A control of the connections' forms, by the setting's name. */
export type FieldKey = Field | 'pbxPassword' | 'apiKey' | 'dialFormat' | 'pbxCa' | 'pbxVendor' | 'plainHttp' | 'region' | 'language'

/** They take a whole row; of the others two stand side by side. */
const WIDE: FieldKey[] = ['pbxUrl', 'omnideskUrl', 'channel', 'pbxCa', 'dialFormat', 'region', 'language', 'pbxVendor']

/** All fields of a side's form in the settings, in the order of its kind. */
export function fieldsOf(side: Side, draft: SettingsDraft): FieldKey[] {
  if (side === 'omnidesk') return [...needed(side, draft), 'channel']
  const choices: FieldKey[] = draft.settings.pbxVendors.length > 1 ? ['pbxVendor'] : []
  return [...ofVendor(draft, () => true), ...certificateAndFormat(draft), ...choices]
}

/** What nothing goes without. */
function needed(side: Side, draft: SettingsDraft): FieldKey[] {
  if (side === 'omnidesk') return ['omnideskUrl', 'email', 'apiKey']
  return ofVendor(draft, (isNeeded) => isNeeded)
}

/** What has a usual value, or one that the test finds. */
function usual(side: Side, draft: SettingsDraft): FieldKey[] {
  if (side === 'omnidesk') return ['channel']
  return [...ofVendor(draft, (isNeeded) => !isNeeded), ...certificateAndFormat(draft), 'pbxVendor', 'region', 'language']
}

/** Numbers are written in a form of the office's where calls are placed at all. */
function certificateAndFormat(draft: SettingsDraft): FieldKey[] {
  return ofVendor(draft, () => true).includes('context') ? ['pbxCa', 'dialFormat'] : ['pbxCa']
}

function ofVendor({ settings }: SettingsDraft, wanted: (isNeeded: boolean) => boolean): FieldKey[] {
  const keys = (vendorOf(settings)?.fields ?? []).filter((field) => wanted(field.needed)).map(({ key }) => key)
  return keys.filter((key): key is FieldKey => isText(key) || key === 'pbxPassword')
}

/** What the set-up asks for: what nothing goes without, and nobody has said. */
export function questionsOf(side: Side, draft: SettingsDraft): FieldKey[] {
  return needed(side, draft).filter((field) => !draft.isPreset(field))
}

/** Everything else of a side, which lies under «Ещё». */
export function restOf(side: Side, draft: SettingsDraft): FieldKey[] {
  return [...needed(side, draft).filter((field) => draft.isPreset(field)), ...usual(side, draft)]
}

/** Fields as they stand in a form, row by row. */
export function rowsOf(fields: readonly FieldKey[]): FieldKey[][] {
  const rows: FieldKey[][] = []
  for (const field of fields) {
    const last = rows.at(-1)
    const before = last?.length === 1 ? last[0] : undefined
    if (before !== undefined && !WIDE.includes(before) && !WIDE.includes(field)) last?.push(field)
    else rows.push([field])
  }
  return rows
}

/** What was not asked, in words. */
export interface Derived {
  field: FieldKey
  title: string
  value: string
  /** Whose word it is; none where it is this person's own. */
  why: string | null
  /** The office has the last word. */
  locked: boolean
}

export function derivedOf(field: FieldKey, draft: SettingsDraft): Derived {
  const title = field === 'pbxCa' ? m.settings_ca() : settingName(field)
  return { field, title, value: valueText(field, draft), why: whyText(field, draft), locked: draft.isLocked(field) }
}

function valueText(field: FieldKey, draft: SettingsDraft): string {
  const { settings } = draft
  switch (field) {
    case 'pbxCa':
      return settings.pbxCa === '' ? m.setup_no_ca() : m.setup_own_ca()
    case 'channel':
      return channelText(draft)
    case 'language':
      return settingText('language', settings.language || systemLanguage())
    case 'pbxVendor':
      return settingText('pbxVendor', vendorOf(settings)?.name ?? '')
    case 'pbxPassword':
    case 'apiKey':
    case 'plainHttp':
      return ''
    default:
      return settingText(field, settings[field] || usualOf(field, draft))
  }
}

function channelText({ settings, channels }: SettingsDraft): string {
  const key = settings.channel
  if (key === '') return m.setup_channel_later()
  const title = channels?.find((channel) => channel.key === key)?.title ?? ''
  return title === '' ? key : `${title} (${key})`
}

/** What holds where nothing is typed. */
function usualOf(key: string, { settings }: SettingsDraft): string {
  return vendorOf(settings)?.fields.find((field) => field.key === key)?.default ?? ''
}

const USUAL: Partial<Record<FieldKey, () => string>> = {
  pbxUser: m.setup_as_guide,
  context: m.setup_as_freepbx,
  recordingFolder: m.setup_as_asterisk,
  pbxCa: m.setup_no_ca_text,
  language: m.setup_as_system,
}

function whyText(field: FieldKey, draft: SettingsDraft): string | null {
  if (draft.isOfOffice(field)) return m.setup_from_office()
  if (draft.isOfLink(field)) return m.setup_from_link()
  if (field === 'channel') return draft.channelFit === null ? null : draft.channelFit.named ? m.setup_channel_named() : m.setup_channel_only()
  return draft.isBuiltIn(field) ? (USUAL[field] ?? m.setup_by_default)() : null
}

/** A channel for calls that suits without asking. */
export interface ChannelFit {
  key: string
  /** It is named as the guide says; else it is the only one. */
  named: boolean
}

/** How the guide names it, and how an office that speaks English may. */
const CALLS = ['звонки', 'calls']

/** The channel that alone is named for calls, or that is alone; none where somebody has to choose. */
export function fittingChannel(channels: readonly { key: string; title: string }[]): ChannelFit | null {
  const named = channels.filter(({ title }) => CALLS.includes(title.trim().toLowerCase()))
  const fitting = named.length > 0 ? named : channels
  const [only, ...others] = fitting
  return only === undefined || others.length > 0 ? null : { key: only.key, named: named.length > 0 }
}
