/** What the card of a connection shows of its settings. */
import type { AgentView, LinkView, SettingsView } from '$lib/backend'
import { hostOf, type Side } from '$lib/link-trouble'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'
import { certificateText } from './office-ca'

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
    { title: m.settings_field_pbx_url(), text: hostOf(settings.pbxUrl) },
    { title: m.settings_field_extension(), text: settings.extension },
    { title: m.settings_field_pbx_user(), text: settings.pbxUser },
    { title: m.settings_password(), text: storedText(settings, settings.hasPbxPassword, 'RINGSIDE_PBX_PASSWORD') },
    { title: m.settings_ca(), text: settings.pbxCertificates.map((one) => `${one.name || m.settings_ca_nameless()}, ${certificateText(one)}`).join('; ') },
    { title: m.settings_phone(), text: phoneText(agent.phoneOnline) },
  ]
}

function omnideskRows(settings: SettingsView, agent: AgentView): ConnectionRow[] {
  return [
    { title: m.settings_field_omnidesk_url(), text: hostOf(settings.omnideskUrl) },
    { title: m.settings_staff(), text: [agent.name ?? '', settings.email].filter((text) => text !== '').join(' · ') },
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
