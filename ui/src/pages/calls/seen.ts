/** Tells when somebody scrolls to an element, or nearly. */
import type { Attachment } from 'svelte/attachments'

/** So much below what is in sight counts as seen. */
const NEARLY = '400px'

export function whenSeen(tell: () => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) tell()
    }, { rootMargin: NEARLY })
    observer.observe(element)
    return () => observer.disconnect()
  }
}
