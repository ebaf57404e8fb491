/** What can be asked for in the palette besides people, cases and numbers. Each does what its button does, by the same function. */
import type { LucideIcon } from '@lucide/svelte'
import BellOff from '@lucide/svelte/icons/bell-off'
import BellRing from '@lucide/svelte/icons/bell-ring'
import Copy from '@lucide/svelte/icons/copy'
import Eye from '@lucide/svelte/icons/eye'
import EyeOff from '@lucide/svelte/icons/eye-off'
import Keyboard from '@lucide/svelte/icons/keyboard'
import Languages from '@lucide/svelte/icons/languages'
import LogOut from '@lucide/svelte/icons/log-out'
import PhoneCall from '@lucide/svelte/icons/phone-call'
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing'
import Plus from '@lucide/svelte/icons/plus'
import Send from '@lucide/svelte/icons/send'
import Settings from '@lucide/svelte/icons/settings'
import SunMoon from '@lucide/svelte/icons/sun-moon'
import ZoomIn from '@lucide/svelte/icons/zoom-in'
import { backend } from '$lib/backend'
import { hidePersonal, pausePopups, resumePopups, showTestCall } from '$lib/deeds'
import { desk } from '$lib/desk.svelte'
import { m } from '$lib/m'
import { LENGTHS } from '$lib/pause'
import { router } from '$lib/router.svelte'
import { larger, smaller, usual } from '$lib/zoom'
import { changeLook } from '../../pages/settings/draft.svelte'
import { copyHealth } from '../../pages/settings/health'
import { openSection } from '../../pages/settings/section.svelte'
import { HEALTH_SECTION, SETTINGS_SECTIONS } from '../../pages/settings/sections'
import { closing } from '../closing.svelte'
import { current } from '../current.svelte'
import { SECTIONS } from '../sections'
import { over } from './open.svelte'

/** What is said after a command, while the palette stays. */
export interface Told {
  text: string
  bad: boolean
}

export interface Command {
  id: string
  icon: LucideIcon
  title: string
  /** What it belongs to, before the title. */
  of: string | null
  /** Its shortcut. */
  key: string | null
  /** Done without a word: the palette goes. */
  run: () => Promise<Told | null> | void
}

type Bare = Omit<Command, 'of' | 'key'> & Partial<Pick<Command, 'of' | 'key'>>

/** All that can be done now. */
export function commands(): Command[] {
  const call = current.call
  const list: Bare[] = [
    ...pages(),
    { id: 'dial', icon: PhoneOutgoing, title: m.common_dial_number(), key: 'Ctrl D', run: () => void backend().openDial() },
    ...(call === null ? [] : [{ id: 'compose', icon: Plus, title: m.workspace_create(), key: 'Ctrl N', run: () => router.go({ page: 'compose', call: call.id }) }]),
    { id: 'popup', icon: PhoneCall, title: m.keys_popup(), key: 'Ctrl Shift O', run: () => void backend().focusPopup() },
    ...pauses(),
    desk.view.private
      ? { id: 'show', icon: Eye, title: m.palette_show_personal(), key: 'Ctrl Shift H', run: () => told(hidePersonal(false)) }
      : { id: 'hide', icon: EyeOff, title: m.privacy_hide(), key: 'Ctrl Shift H', run: () => told(hidePersonal(true)) },
    ...looks(),
    { id: 'larger', icon: ZoomIn, of: m.keys_size(), title: m.keys_larger(), key: 'Ctrl +', run: larger },
    { id: 'smaller', icon: ZoomIn, of: m.keys_size(), title: m.keys_smaller(), key: 'Ctrl −', run: smaller },
    { id: 'usual', icon: ZoomIn, of: m.keys_size(), title: m.keys_usual(), key: 'Ctrl 0', run: usual },
    { id: 'test-call', icon: PhoneCall, title: m.fields_show_test_call(), run: testCall },
    { id: 'copy', icon: Copy, of: m.health_title(), title: m.health_copy(), run: copied },
    { id: 'keys', icon: Keyboard, title: m.keys_title(), key: '?', run: () => void (over.what = 'keys') },
    { id: 'quit', icon: LogOut, title: m.palette_quit(), run: () => closing.askToQuit() },
  ]
  return list.map((command) => ({ of: null, key: null, ...command }))
}

function pages(): Bare[] {
  return [
    ...SECTIONS.map(({ route, icon, title }, i) => ({ id: `page-${route.page}`, icon, title: title(), key: `Ctrl ${i + 1}`, run: () => router.go(route) })),
    { id: 'page-outbox', icon: Send, title: m.outbox_title(), run: () => router.go({ page: 'outbox' }) },
    ...[...SETTINGS_SECTIONS, HEALTH_SECTION].map(({ id, title }) => ({
      id: `settings-${id}`,
      icon: Settings,
      of: m.workspace_settings(),
      title: title(),
      run: () => openSection(id),
    })),
  ]
}

function pauses(): Bare[] {
  if (desk.view.pause.paused !== null) {
    return [{ id: 'resume', icon: BellRing, of: m.palette_popups(), title: m.pause_resume(), run: () => told(resumePopups()) }]
  }
  return LENGTHS.map(({ length, text }) => ({
    id: `pause-${length.type}`,
    icon: BellOff,
    of: m.pause_title(),
    title: text(),
    run: () => told(pausePopups(length)),
  }))
}

function looks(): Bare[] {
  const themes = [
    ['light', m.settings_theme_light()],
    ['dark', m.settings_theme_dark()],
    ['', m.settings_theme_system()],
  ] as const
  const languages = [
    ['ru', 'Русский'],
    ['en', 'English'],
    ['', m.settings_language_system()],
  ] as const
  return [
    ...themes.map(([value, title]) => ({ id: `theme-${value}`, icon: SunMoon, of: m.settings_theme(), title, run: () => told(changeLook('theme', value)) })),
    ...languages.map(([value, title]) => ({ id: `language-${value}`, icon: Languages, of: m.settings_language(), title, run: () => told(changeLook('language', value)) })),
  ]
}

async function told(deed: Promise<string | null>): Promise<Told | null> {
  const problem = await deed
  return problem === null ? null : { text: problem, bad: true }
}

async function testCall(): Promise<Told | null> {
  return (await showTestCall()) ? null : { text: m.fields_test_call_failed(), bad: true }
}

async function copied(): Promise<Told> {
  const done = await copyHealth()
  return { text: done ? m.health_copied() : m.health_not_copied(), bad: !done }
}
