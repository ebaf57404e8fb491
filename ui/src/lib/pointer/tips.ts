/**
 * Tooltips of our own (`data-tip`): of glyphs, which have no other word, and of text that is cut. The system's stay over
 * the numbers beneath them. Everything in them is said to screen readers anyway, by name or because it is there in full.
 */

/** The pointer rests for so long before one shows, ms. */
const REST_MS = 500
/** From what it is about, and from the window's edges, CSS px. */
const GAP = 6

/** Shows them in this window from now on; returns how to stop. */
export function followTips(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let over: Element | null = null
  let tip: HTMLElement | null = null

  const hide = () => {
    clearTimeout(timer)
    tip?.remove()
    tip = null
  }
  const show = (about: HTMLElement) => {
    hide()
    if (about.isConnected && isNeeded(about)) tip = draw(about)
  }
  const turnTo = (target: EventTarget | null, rest: number) => {
    const about = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
    if (about === over) return
    hide()
    over = about
    if (about !== null) timer = setTimeout(() => show(about), rest)
  }
  const pointed = (event: Event) => turnTo(event.target, REST_MS)
  const focused = (event: Event) => {
    if (event.target instanceof Element && event.target.matches(':focus-visible')) turnTo(event.target, 0)
  }
  const left = () => turnTo(null, 0)

  const listens = [
    ['pointerover', pointed],
    ['focusin', focused],
    ['focusout', left],
    ['pointerleave', left],
    ['pointerdown', hide],
    ['keydown', hide],
    ['scroll', hide],
    ['contextmenu', hide],
  ] as const
  for (const [event, listener] of listens) document.addEventListener(event, listener, { capture: true, passive: true })
  window.addEventListener('blur', left)
  return () => {
    left()
    for (const [event, listener] of listens) document.removeEventListener(event, listener, { capture: true })
    window.removeEventListener('blur', left)
  }
}

/** Nothing of it can be read, or not all. */
function isNeeded(about: HTMLElement): boolean {
  return !hasWords(about) || [about, ...about.querySelectorAll('*')].some(isCut)
}

function isCut(element: Element): boolean {
  if (!(element instanceof HTMLElement) || element.matches('.vh') || getComputedStyle(element).overflowX === 'visible') return false
  return element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight + 1
}

/** Words that can be seen; digits on a badge are none, `.vh` is for screen readers. */
function hasWords(about: HTMLElement): boolean {
  const texts = document.createTreeWalker(about, NodeFilter.SHOW_TEXT)
  while (texts.nextNode() !== null) {
    const element = texts.currentNode.parentElement
    const isSeen = element !== null && element.closest('.vh, kbd') === null && element.getClientRects().length > 0
    if (isSeen && /\p{L}/u.test(texts.currentNode.textContent ?? '')) return true
  }
  return false
}

function draw(about: HTMLElement): HTMLElement {
  const tip = document.createElement('div')
  tip.className = 'tip'
  tip.setAttribute('role', 'tooltip')
  tip.setAttribute('aria-hidden', 'true')
  tip.dir = 'auto'
  tip.textContent = about.dataset['tip'] ?? ''
  // In the layer above everything: no dialog lies over it, no box cuts it.
  tip.popover = 'manual'
  document.body.append(tip)
  tip.showPopover?.()
  const place = about.getBoundingClientRect()
  const { width, height } = tip.getBoundingClientRect()
  const beneath = place.bottom + GAP + height <= window.innerHeight
  const left = Math.min(place.left, window.innerWidth - width - GAP)
  tip.style.left = `${Math.max(GAP, left)}px`
  tip.style.top = `${beneath ? place.bottom + GAP : Math.max(GAP, place.top - GAP - height)}px`
  return tip
}
