/** The sections of the settings, in the order of their list. «Отправка в Омнидеск» is a page of its own. */
import { m } from '$lib/m'
import type { Section } from './section.svelte'

export const SETTINGS_SECTIONS: { id: Section; title: () => string }[] = [
  { id: 'general', title: m.settings_general },
  { id: 'connections', title: m.settings_connections },
  { id: 'cases', title: m.settings_cases },
  { id: 'dialling', title: m.settings_dialling },
  { id: 'phrases', title: m.phrases_title },
  { id: 'labels', title: m.labels_title },
  { id: 'pause', title: m.pause_section },
  { id: 'office', title: m.office_title },
]

/** At the end of the list. */
export const HEALTH_SECTION: { id: Section; title: () => string } = { id: 'health', title: m.health_title }
