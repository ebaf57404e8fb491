/** What every window does with the pointer in place of the web view: own menus and tooltips, and copies without the marks of directions. */
import { followCopies } from '$lib/bidi'
import { followMenus } from './menu.svelte'
import { followTips } from './tips'

export function followPointer(): () => void {
  const stops = [followMenus(), followTips(), followCopies()]
  return () => stops.forEach((stop) => stop())
}
