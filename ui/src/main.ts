import { mount } from 'svelte'
import './styles/base.css'
import { connectBackend } from '$lib/backend'
import { followDesk } from '$lib/desk.svelte'
import { setLanguage, setTheme } from '$lib/i18n.svelte'
import { followNavigation } from '$lib/router.svelte'
import App from './workspace/App.svelte'
import { followRest } from './workspace/rest'

const backend = await connectBackend()
const settings = await backend.settings()
setLanguage(settings.language)
setTheme(settings.theme)
await followNavigation(backend)
await followDesk(backend)
await followRest(backend)

const target = document.getElementById('app')
if (target !== null) mount(App, { target })
// It comes into view as it is to look; frames are drawn from then on.
await backend.mainReady()
requestAnimationFrame(() => requestAnimationFrame(() => void backend.mainPainted()))
