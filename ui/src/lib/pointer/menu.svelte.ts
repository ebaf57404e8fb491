/**
 * The menu of a number, a person, a case, a call: by the right button, and by the Menu key or Shift+F10 where the focus is.
 * Elsewhere there is none: the web view's own would offer to reload the window. Text fields keep theirs.
 */
import type { LucideIcon } from '@lucide/svelte'
import Copy from '@lucide/svelte/icons/copy'
import { mount, unmount } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { copyText } from '$lib/clipboard'
import { m } from '$lib/m'
import Menu from './Menu.svelte'

export interface MenuItem {
  icon: LucideIcon
  text: string
  run: () => unknown
}

const OFFERS = new WeakMap<Element, () => MenuItem[]>()

/** What an element offers; asked when its menu opens. */
export function offers(items: () => MenuItem[]): Attachment<Element> {
  return (element) => {
    OFFERS.set(element, items)
    return () => OFFERS.delete(element)
  }
}

/** Opens menus in this window from now on; returns how to stop. */
export function followMenus(): () => void {
  const pressed = (event: MouseEvent) => {
    if (isTextField(event.target)) return
    event.preventDefault()
    if (event.target instanceof Element) open(event.target, event.clientX, event.clientY)
  }
  const key = (event: KeyboardEvent) => {
    const asks = event.code === 'ContextMenu' || (event.code === 'F10' && event.shiftKey)
    const at = document.activeElement
    if (!asks || at === null || isTextField(at)) return
    event.preventDefault()
    const { left, bottom } = at.getBoundingClientRect()
    open(at, left, bottom)
  }
  document.addEventListener('contextmenu', pressed)
  document.addEventListener('keydown', key)
  return () => {
    document.removeEventListener('contextmenu', pressed)
    document.removeEventListener('keydown', key)
    close?.()
  }
}

let close: (() => void) | null = null

function open(at: Element, x: number, y: number): void {
  close?.()
  const items = [...selected(at), ...offered(at)]
  if (items.length === 0) return
  const before = document.activeElement
  // Over a dialog only what is in it can be reached.
  const menu = mount(Menu, {
    target: at.closest('dialog[open]') ?? document.body,
    props: { items, x, y, onclose: () => close?.() },
  })
  close = () => {
    close = null
    void unmount(menu)
    if (before instanceof HTMLElement && before.isConnected) before.focus()
  }
}

/** Of the nearest that offers anything. */
function offered(at: Element): MenuItem[] {
  for (let element: Element | null = at; element !== null; element = element.parentElement) {
    const items = OFFERS.get(element)?.() ?? []
    if (items.length > 0) return items
  }
  return []
}

/** What is selected where one points can be copied. */
function selected(at: Element): MenuItem[] {
  const selection = document.getSelection()
  const text = selection?.toString() ?? ''
  if (selection === null || text.trim() === '' || !selection.containsNode(at, true)) return []
  return [{ icon: Copy, text: m.menu_copy_selection(), run: () => copyText(text) }]
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'submit', 'file'].includes(target.type)
}
