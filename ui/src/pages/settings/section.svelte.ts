/** Which section of the settings is open; «Отправка в Омнидеск» is a page of its own. */
import type { Side } from '$lib/link-trouble'
import { router } from '$lib/router.svelte'

export type Section = 'general' | 'connections' | 'cases' | 'dialling' | 'phrases' | 'labels' | 'pause' | 'office' | 'health'

export const settingsView = $state<{
  section: Section
  /** Which connection is being edited. */
  editing: Side | null
}>({ section: 'connections', editing: null })

export function openSection(section: Section, editing: Side | null = null): void {
  settingsView.section = section
  settingsView.editing = editing
  router.go({ page: 'settings' })
}
