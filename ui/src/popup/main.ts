import { mount } from 'svelte'
import '../styles/base.css'
import './window.css'
import { connectBackend } from '$lib/backend'
import { followDesk } from '$lib/desk.svelte'
import { takeLooks } from '$lib/looks'
import { followGround } from '$lib/ground'
import { followPointer } from '$lib/pointer/follow'
import { restoreZoom } from '$lib/zoom'
import Popup from './Popup.svelte'
import Rehearsal from './Rehearsal.svelte'
import Rings from './Rings.svelte'
import { followLooks } from './looks.svelte'
import { room } from './room.svelte'

const backend = await connectBackend()

// The window stays hidden until a call comes; by then the faces are there.
const faces = document.fonts.load('13px Inter', 'Звонок call')
await takeLooks()
await restoreZoom()

followPointer()
followGround()
const target = document.getElementById('app')
if (target !== null) mount(Popup, { target })
followLooks()
void room.follow()
await followDesk(backend)
mount(Rings, { target: document.body })
await faces.catch(() => [])
mount(Rehearsal, { target: document.body })
