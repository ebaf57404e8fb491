/** Boxes with text that scrolls: the keyboard can read them to the end. */

import type { Attachment } from 'svelte/attachments'

const STOPS = 'a[href], button, input, select, textarea, [tabindex]'

/**
 * A box that scrolls is a stop of the Tab key as long as it has more than it shows and holds no stop itself: WebKit moves
 * such a box with the pointer alone.
 */
export const scrolls: Attachment<HTMLElement> = (box) => {
  const look = () => {
    const more = box.scrollHeight > box.clientHeight + 1
    if (more && box.querySelector(STOPS) === null) box.tabIndex = 0
    else box.removeAttribute('tabindex')
  }
  const grown = new ResizeObserver(look)
  const changed = new MutationObserver(() => {
    for (const child of box.children) grown.observe(child)
    look()
  })
  grown.observe(box)
  for (const child of box.children) grown.observe(child)
  changed.observe(box, { childList: true })
  return () => {
    grown.disconnect()
    changed.disconnect()
  }
}
