/** What the card of a connection shows of its settings. */
import type { AgentView, LinkView, SettingsView, VendorFieldView } from '$lib/backend'
import { isolated, listed } from '$lib/bidi'
import { hostOf, type Side } from '$lib/link-trouble'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'
import { certificateText } from './office-ca'
import { isText, labelOf, vendorOf } from './vendor'

export interface ConnectionRow {
  title: string
  text: string
}

export function connectionRows(side: Side, settings: SettingsView, link: LinkView, agent: AgentView): ConnectionRow[] {
  const rows = side === 'pbx' ? pbxRows(settings, agent) : omnideskRows(settings, agent)
  if (link.state !== 'up' && link.trouble !== null) rows.push({ title: m.settings_reason(), text: troubleText(link.trouble) })
  return rows.filter((row) => row.text !== '')
}

function pbxRows(settings: SettingsView, agent: AgentView): ConnectionRow[] {
  return [
    ...(vendorOf(settings)?.fields ?? []).map((field) => ({ title: labelOf(field), text: textOf(field, settings) })),
    { title: m.settings_ca(), text: listed(settings.pbxCertificates.map((one) => `${isolated(one.name || m.settings_ca_nameless())}, ${certificateText(one)}`), '; ') },
    { title: m.settings_phone(), text: phoneText(agent.phoneOnline) },
  ]
}

function textOf(field: VendorFieldView, settings: SettingsView): string {
  if (field.kind === 'secret') return storedText(settings, settings.hasPbxPassword, 'RINGSIDE_PBX_PASSWORD')
  if (!isText(field.key)) return ''
  return field.kind === 'url' ? hostOf(settings[field.key]) : settings[field.key] || field.default
}

function omnideskRows(settings: SettingsView, agent: AgentView): ConnectionRow[] {
  return [
    { title: m.settings_field_omnidesk_url(), text: hostOf(settings.omnideskUrl) },
    { title: m.settings_staff(), text: listed([agent.name, settings.email]) },
    { title: m.settings_key(), text: storedText(settings, settings.hasApiKey, 'RINGSIDE_OMNIDESK_KEY') },
  ]
}

function storedText(settings: SettingsView, stored: boolean, variable: string): string {
  if (settings.secrets === 'environment') return m.settings_secret_environment({ variable })
  return stored ? m.settings_secret_stored() : m.settings_secret_missing()
}

function phoneText(online: boolean | null): string {
  if (online === null) return ''
  return online ? m.settings_phone_online() : m.settings_phone_offline()
}
