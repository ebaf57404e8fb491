/** The visit that a page belongs to: it finds there what it kept when one went on from it. */
import { getContext, setContext } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { router, type Visit } from '$lib/router.svelte'

const KEY = Symbol('visit')

/** The window says which visit it draws. */
export function drawVisit(drawn: () => Visit): void {
  setContext(KEY, drawn)
}

/** A page asks for its own while it is made. */
export function ownVisit(): Visit {
  return (getContext<(() => Visit) | undefined>(KEY) ?? (() => router.here))()
}

/** Scrolls to where one was, as soon as there is enough to scroll, and notes where one goes. */
export function keepsScroll(visit: Visit): Attachment<HTMLElement> {
  return (body) => {
    const wanted = visit.scroll
    let returning = wanted > 0
    const arrive = () => {
      if (!returning) return
      body.scrollTop = wanted
      returning = Math.abs(body.scrollTop - wanted) > 1
    }
    const grown = new ResizeObserver(arrive)
    for (const part of body.children) grown.observe(part)
    const settle = () => (returning = false)
    const note = () => {
      if (!returning) visit.scroll = body.scrollTop
    }
    const own = ['wheel', 'keydown', 'pointerdown'] as const
    for (const event of own) body.addEventListener(event, settle, { passive: true })
    body.addEventListener('scroll', note, { passive: true })
    arrive()
    return () => {
      grown.disconnect()
      for (const event of own) body.removeEventListener(event, settle)
      body.removeEventListener('scroll', note)
    }
  }
}
