import { describe, expect, it } from 'vitest'
import { scrolls } from '$lib/scrolls'

function box(height: number, shows: number, inside: string): HTMLElement {
  const element = document.createElement('div')
  element.innerHTML = inside
  Object.defineProperty(element, 'scrollHeight', { configurable: true, get: () => height })
  Object.defineProperty(element, 'clientHeight', { configurable: true, get: () => shows })
  document.body.append(element)
  return element
}

/** Reports once, as a browser does when it begins to watch. */
class Watcher {
  constructor(private readonly report: () => void) {}
  observe() {
    this.report()
  }
  disconnect() {}
}

describe('a box that scrolls', () => {
  it.each([
    ['more than it shows, text alone', 300, 100, '<p>text</p>', true],
    ['all of it shows', 100, 100, '<p>text</p>', false],
    ['a pixel of rounding', 101, 100, '<p>text</p>', false],
    ['holds a stop itself', 300, 100, '<p><a href="#x">text</a></p>', false],
    ['holds what only pointers reach', 300, 100, '<p><a>text</a></p>', true],
  ])('is a stop of the Tab key or is none: %s', (_, height, shows, inside, isStop) => {
    const real = globalThis.ResizeObserver
    globalThis.ResizeObserver = Watcher as unknown as typeof ResizeObserver
    const element = box(height, shows, inside)
    const end = scrolls(element)
    expect(element.hasAttribute('tabindex')).toBe(isStop)
    if (isStop) expect(element.tabIndex).toBe(0)
    end?.()
    element.remove()
    globalThis.ResizeObserver = real
  })

  it('becomes a stop when more comes into it', async () => {
    let height = 100
    const element = box(0, 100, '')
    Object.defineProperty(element, 'scrollHeight', { get: () => height })
    const end = scrolls(element)
    expect(element.hasAttribute('tabindex')).toBe(false)
    height = 300
    element.append(document.createElement('p'))
    await expect.poll(() => element.tabIndex).toBe(0)
    end?.()
  })
})
