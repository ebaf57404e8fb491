// Runs inside a page by WebDriver: waits until the screen stands still, then says what is wrong with it.
// Arguments: the language and theme that were asked for, the keys of all messages, what is looked for (`whole`, or
// only what depends on the theme, `colours`, on the language, `words`, or on the width, `edges`), and the callback.
const [language, theme, keys, look, done] = arguments

const PATIENCE_MS = 5_000
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21aa']
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']
const GRAVE = ['serious', 'critical']

const frame = () => new Promise((next) => requestAnimationFrame(next))

/** Until the page has drawn itself, with its fonts, and two frames passed without a change or a running animation. */
async function painted() {
  const until = performance.now() + PATIENCE_MS
  let changes = 0
  const watcher = new MutationObserver(() => changes++)
  watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  const moving = () => document.getAnimations().some((one) => one.effect?.getComputedTiming().endTime !== Infinity && one.playState === 'running')
  for (let still = 0; still < 2; ) {
    if (performance.now() > until) throw new Error('nothing was painted, or it never stood still')
    const before = changes
    await document.fonts.ready
    await frame()
    const drawn = document.getElementById('app')?.firstElementChild?.checkVisibility() && document.body.innerText.trim() !== ''
    still = drawn && changes === before && !moving() ? still + 1 : 0
  }
  watcher.disconnect()
}

function loadAxe() {
  if ('axe' in window) return Promise.resolve()
  return new Promise((loaded, failed) => {
    const script = document.createElement('script')
    script.src = '/axe.js'
    script.onload = loaded
    script.onerror = () => failed(new Error('axe-core did not load'))
    document.head.append(script)
  })
}

async function axeFindings() {
  await loadAxe()
  const runOnly = look === 'colours' ? { type: 'rule', values: COLOUR_RULES } : { type: 'tag', values: STANDARDS }
  const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'] })
  return violations
    .filter((violation) => GRAVE.includes(violation.impact))
    .flatMap(({ id, impact, nodes }) =>
      nodes.map((node) => ({ rule: `${id} (${impact})`, target: node.target.join(' '), summary: node.failureSummary })),
    )
}

/** A short way to an element for a person to find it by. */
function nameOf(element) {
  const steps = []
  for (let at = element; at !== null && at !== document.body && steps.length < 3; at = at.parentElement) {
    const classes = [...at.classList].filter((name) => !name.startsWith('svelte-')).map((name) => `.${name}`)
    steps.unshift(at.localName + classes.join(''))
  }
  return steps.join(' > ')
}

function addressFindings() {
  const { lang, dataset } = document.documentElement
  const found = []
  if (lang !== language) found.push({ rule: 'language', target: 'html', summary: `lang is ${lang}` })
  if (dataset.theme !== theme) found.push({ rule: 'theme', target: 'html', summary: `theme is ${dataset.theme}` })
  return found
}

/** Nothing may have to be scrolled sideways: neither the document nor a part of it. */
function scrollFindings() {
  const found = []
  const report = (element) =>
    found.push({ rule: 'scrolls-sideways', target: nameOf(element) || 'document', summary: `${element.scrollWidth} px in ${element.clientWidth} px` })
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) report(root)
  for (const element of document.body.querySelectorAll('*')) {
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
    if (scrolls && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) report(element)
  }
  return found
}

/** Every text that somebody reads or hears, with the element it belongs to. */
function* texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const shown = node.parentElement.checkVisibility({ visibilityProperty: true })
    if (shown && node.data.trim() !== '') yield { node, element: node.parentElement, text: node.data }
  }
  for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const text = element.getAttribute(name)
      if (text !== null) yield { node: null, element, text }
    }
  }
}

function wordFindings() {
  const known = new Set(keys)
  const leftover = /\bundefined\b|\bNaN\b|\bnull\b|\[object |\{\w+\}/
  const found = []
  for (const { element, text } of texts()) {
    // The names of fields, as they are typed.
    if (element.closest('[translate=no]') !== null) continue
    const slip = text.match(/[a-z]\w+/g)?.find((word) => known.has(word)) ?? text.match(leftover)?.[0]
    if (slip !== undefined) found.push({ rule: 'raw-text', target: nameOf(element), summary: `«${slip}» in «${text.trim()}»` })
  }
  return found
}

/** The system's tooltips stay over what is beneath: the windows have their own. */
function tooltipFindings() {
  const titled = [...document.body.querySelectorAll('[title]')].filter((element) => element instanceof HTMLElement && element.localName !== 'iframe')
  return titled.map((element) => ({ rule: 'native-tooltip', target: nameOf(element), summary: `«${element.title}»` }))
}

/** Text that ends at an edge without an ellipsis: at the window's, or at that of a box which hides what is too wide. */
function clippedFindings() {
  const found = []
  for (const { node, element, text } of texts()) {
    const edge = node === null ? null : cuttingEdge(node, element)
    if (edge !== null) found.push({ rule: 'clipped-text', target: nameOf(element), summary: `«${text.trim()}» is cut by ${edge}` })
  }
  return found
}

function cuttingEdge(node, element) {
  const range = document.createRange()
  range.selectNodeContents(node)
  const { left, right, width } = range.getBoundingClientRect()
  if (width === 0) return null
  const outside = (box) => left < box.left - 1 || right > box.right + 1
  for (let at = element; at !== null && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at)
    // Said, not shown: text for screen readers alone.
    if (style.clipPath !== 'none') return null
    if (style.overflowX === 'visible' || style.display === 'inline') continue
    const box = at.getBoundingClientRect()
    if (!outside(box)) continue
    const meant = style.textOverflow === 'ellipsis' || style.overflowX === 'auto' || style.overflowX === 'scroll'
    return meant ? null : nameOf(at)
  }
  return outside({ left: 0, right: window.innerWidth }) ? 'the window' : null
}

async function findings() {
  await painted()
  if (look === 'colours') return axeFindings()
  const edges = [...scrollFindings(), ...clippedFindings()]
  if (look === 'edges') return edges
  const words = [...addressFindings(), ...wordFindings(), ...tooltipFindings(), ...edges]
  return look === 'words' ? words : [...words, ...(await axeFindings())]
}

findings()
  .catch((error) => [{ rule: 'error', target: 'page', summary: String(error?.message ?? error) }])
  .then(done)
