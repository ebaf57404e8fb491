/** The real back end: the typed commands and events of the desktop application. */
import { commands, events } from './bindings'
import type { Backend } from './types'

/** The popup has an event of its own, which carries only its own calls. */
const isPopup = window.location.pathname.endsWith('/popup.html')

export const tauri: Backend = {
  ...commands,
  appearance: commands.popupAppearance,
  onDeskChanged: (listener) =>
    isPopup
      ? events.popupChanged.listen((event) => listener(event.payload))
      : events.deskChanged.listen(() => void commands.desk().then(listener)),
  onDialOpened: (listener) => events.dialOpened.listen((event) => listener(event.payload)),
  onNavigate: (listener) => events.navigate.listen((event) => listener(event.payload)),
}
