import { mount } from 'svelte'
import '../styles/base.css'
import { backend, connectBackend } from '$lib/backend'
import { setLanguage, setTheme } from '$lib/i18n.svelte'
import { followGround } from '$lib/ground'
import { followPointer } from '$lib/pointer/follow'
import Start from './Start.svelte'

await connectBackend()

// The settings lie in the file that cannot be opened: the system's language and theme.
const address = new URLSearchParams(window.location.search)
setLanguage(address.get('lang') ?? '')
setTheme(address.get('theme') ?? '')

const trouble = await backend().startTrouble()
followPointer()
followGround()
const target = document.getElementById('app')
if (target !== null) mount(Start, { target, props: { trouble } })
