/**
 * What stands beneath the page. A part of a window that was covered may be seen before its page is drawn there: in the page's
 * own colour, so that nobody sees a hole of another.
 */
import { backend } from './backend'

/** Tells the window the colour of the page, now and whenever the theme changes. */
export function followGround(): void {
  tell()
  new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell)
}

function tell(): void {
  const colour = getComputedStyle(document.documentElement).backgroundColor
  // One that lets the desktop through has nothing beneath.
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)
  if (parts !== null) void backend().windowGround(Number(parts[1]), Number(parts[2]), Number(parts[3]))
}
