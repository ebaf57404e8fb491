/** The real back end: the typed commands and events of the desktop application. */
import { convertFileSrc } from '@tauri-apps/api/core'
import { getCurrentWebview } from '@tauri-apps/api/webview'
import { systemLanguage } from '$lib/i18n.svelte'
import { commands, events } from './bindings'
import { readRecording } from './recording'
import type { Backend } from './types'

/** A window hears what is meant for it alone: without a target, it would hear everything. */
const own = getCurrentWebview

export const tauri: Backend = {
  ...commands,
  appearance: () => commands.popupAppearance(systemLanguage()),
  onRestAsked: (listener) => events.restAsked(own()).listen((event) => listener(event.payload)),
  onClosingAsked: (listener) => events.closingAsked(own()).listen((event) => listener(event.payload)),
  onDeskChanged: (listener) => events.deskChanged(own()).listen((event) => listener(event.payload)),
  onDialOpened: (listener) => events.dialOpened(own()).listen(() => listener()),
  onPopupRoom: (listener) => events.popupRoom(own()).listen(() => listener()),
  onPopupTurnedTo: (listener) => events.popupTurnedTo(own()).listen(() => listener()),
  startTrouble: async () => {
    const trouble = await commands.startTrouble()
    if (trouble.status === 'error') throw new Error('the program does not say why it cannot work')
    return trouble.data
  },
  recording: (caseId, attachment, leave) => readRecording(`${convertFileSrc('', 'recording')}${caseId}/${attachment}`, leave),
  onVersionKnown: (listener) => events.versionKnown(own()).listen(() => listener()),
  onHotkeysChanged: (listener) => events.hotkeysChanged(own()).listen(() => listener()),
  onNavigate: (listener) => events.navigate(own()).listen(() => listener()),
}
