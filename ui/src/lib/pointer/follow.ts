/** What every window does with the pointer in place of the web view: own menus and tooltips. */
import { followMenus } from './menu.svelte'
import { followTips } from './tips'

export function followPointer(): () => void {
  const [menus, tips] = [followMenus(), followTips()]
  return () => {
    menus()
    tips()
  }
}
