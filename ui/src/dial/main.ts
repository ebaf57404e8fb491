import { mount } from 'svelte'
import '../styles/base.css'
import './window.css'
import { connectBackend } from '$lib/backend'
import { takeLooks } from '$lib/looks'
import { followGround } from '$lib/ground'
import { followPointer } from '$lib/pointer/follow'
import { restoreZoom } from '$lib/zoom'
import Dial from './Dial.svelte'

await connectBackend()

// The window is made when it is first wanted and stays loaded: only the first opening waits for anything.
void document.fonts.load('13px Inter', 'Звонок call')
await takeLooks()
await restoreZoom()

followPointer()
followGround()
const target = document.getElementById('app')
if (target !== null) mount(Dial, { target })
