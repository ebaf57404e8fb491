/**
 * What is drawn below is a picture: it is looked at, and hears no keys. The popup's cards stand in the preview of «Поля данных»
 * beside things that are typed into.
 */
import { getContext, setContext } from 'svelte'

const KEY = Symbol('picture')

/** Said by who draws it, as it is made. */
export function drawsPicture(): void {
  setContext(KEY, true)
}

/** Asked as a part is made. */
export function isPicture(): boolean {
  return getContext(KEY) === true
}
