import { mount } from 'svelte'
import '../styles/base.css'
import './window.css'
import { connectBackend } from '$lib/backend'
import { followDesk } from '$lib/desk.svelte'
import { setLanguage, setTheme } from '$lib/i18n.svelte'
import Popup from './Popup.svelte'

const backend = await connectBackend()

async function takeLooks(): Promise<void> {
  const { language, theme } = await backend.appearance()
  setLanguage(language)
  setTheme(theme)
}

// The window stays hidden until a call comes; by then the faces are there.
void document.fonts.load('13px Inter', 'Звонок call')
await takeLooks()

const target = document.getElementById('app')
if (target !== null) mount(Popup, { target })

// The settings may have changed since the popup was last seen.
let wasEmpty = true
await backend.onDeskChanged((view) => {
  const isEmpty = view.popup.length === 0
  if (wasEmpty && !isEmpty) void takeLooks()
  wasEmpty = isEmpty
})
await followDesk(backend)
