import { mount } from 'svelte'
import './styles/base.css'
import { connectBackend } from '$lib/backend'
import { desk, followDesk } from '$lib/desk.svelte'
import { setLanguage, setTheme } from '$lib/i18n.svelte'
import { followNavigation, router } from '$lib/router.svelte'
import { version } from '$lib/version.svelte'
import { restoreZoom } from '$lib/zoom'
import { followGround } from '$lib/ground'
import { followPointer } from '$lib/pointer/follow'
import App from './workspace/App.svelte'
import { callList } from './pages/calls/list.svelte'
import { closing } from './workspace/closing.svelte'
import { followRest } from './workspace/rest'
import { showsOf } from './workspace/shows'

const backend = await connectBackend()
const settings = await backend.settings()
setLanguage(settings.language)
setTheme(settings.theme)
await followNavigation(backend)
desk.shows = showsOf(router.current, callList.listed)
await followDesk(backend)
await followRest(backend)
await closing.follow(backend)
await version.follow(backend)
await restoreZoom()

followPointer()
followGround()
const target = document.getElementById('app')
if (target !== null) mount(App, { target })
// It comes into view as it is to look; frames are drawn from then on.
await backend.mainReady()
requestAnimationFrame(() => requestAnimationFrame(() => void backend.mainPainted()))
