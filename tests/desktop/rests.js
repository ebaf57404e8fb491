// Runs inside a page by WebDriver, as what a person does by eye: is the element where it was three frames ago, in the
// window, and in front? Brings it into view first. A hidden window draws no frames: a timer counts there.
const [element, done] = arguments

const place = () => {
  const { left, top, width, height } = element.getBoundingClientRect()
  return [left, top, width, height, window.innerWidth, window.innerHeight].join()
}
const next = (then) => (document.hidden ? setTimeout(then, 16) : requestAnimationFrame(then))

element.scrollIntoView({ block: 'nearest', inline: 'nearest' })
const before = place()
next(() =>
  next(() =>
    next(() => {
      const { left, top, width, height } = element.getBoundingClientRect()
      const front = document.elementFromPoint(left + width / 2, top + height / 2)
      const hit = front !== null && (element.contains(front) || front.closest('label')?.control === element)
      done(place() === before && hit)
    }),
  ),
)
