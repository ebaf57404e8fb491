/** The sections of the rail, in the order of Ctrl 1, Ctrl 2, … */
import type { LucideIcon } from '@lucide/svelte'
import ChartColumn from '@lucide/svelte/icons/chart-column'
import Phone from '@lucide/svelte/icons/phone'
import Settings from '@lucide/svelte/icons/settings'
import TextCursorInput from '@lucide/svelte/icons/text-cursor-input'
import Users from '@lucide/svelte/icons/users-round'
import type { Route } from '$lib/backend'
import { m } from '$lib/m'

export interface Section {
  route: Route
  icon: LucideIcon
  title: () => string
  /** The pages that belong to it. */
  pages: Route['page'][]
  /** An administrator decides what is set there. */
  administrators?: boolean
}

export const SECTIONS: Section[] = [
  { route: { page: 'calls' }, icon: Phone, title: m.workspace_calls, pages: ['calls', 'missed', 'compose', 'case'] },
  { route: { page: 'search', call: null }, icon: Users, title: m.workspace_users, pages: ['search', 'profile'] },
  { route: { page: 'stats' }, icon: ChartColumn, title: m.workspace_stats, pages: ['stats'] },
  { route: { page: 'fields' }, icon: TextCursorInput, title: m.workspace_fields, pages: ['fields'], administrators: true },
  { route: { page: 'settings' }, icon: Settings, title: m.workspace_settings, pages: ['settings', 'outbox', 'enrol', 'trial'] },
]
