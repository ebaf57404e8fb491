import { mount } from 'svelte'
import './styles/base.css'
import { connectBackend } from '$lib/backend'
import { followDesk } from '$lib/desk.svelte'
import { setLanguage, setTheme } from '$lib/i18n.svelte'
import { followNavigation } from '$lib/router.svelte'
import App from './workspace/App.svelte'

const backend = await connectBackend()
const settings = await backend.settings()
setLanguage(settings.language)
setTheme(settings.theme)
await followNavigation(backend)
await followDesk(backend)
// The listeners stand: what waits for this window (a page to open) may come now, before the first frame.
await backend.mainReady()

const target = document.getElementById('app')
if (target !== null) mount(App, { target })
