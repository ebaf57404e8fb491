import { mount } from 'svelte'
import '../styles/base.css'
import './window.css'
import { connectBackend } from '$lib/backend'
import Dial from './Dial.svelte'
import { takeLooks } from './opening'

await connectBackend()

// The window is made at the start and stays hidden until it is wanted; by then the faces are there.
void document.fonts.load('13px Inter', 'Звонок call')
await takeLooks()

const target = document.getElementById('app')
if (target !== null) mount(Dial, { target })
