/** Paused popups in words. Whether they are, the back end says. */
import type { MeanwhileView, PausedView, PauseFor } from './backend'
import { moment } from './format'
import { m } from './m'

/** What is offered. */
export const LENGTHS: { length: PauseFor; text: () => string }[] = [
  { length: { type: 'minutes', minutes: 30 }, text: m.pause_half_hour },
  { length: { type: 'tomorrow' }, text: m.pause_tomorrow },
  { length: { type: 'untilSaid' }, text: m.pause_until_said },
]

/** That they are paused, and until when. */
export function pausedText({ until }: PausedView): string {
  return until === null ? m.pause_paused() : m.pause_paused_until({ when: moment(until) })
}

/** Why they are paused, where nobody has said so. */
export function whyText({ byHours, until }: PausedView): string | null {
  if (!byHours) return null
  return until === null ? m.pause_by_hours_never() : m.pause_by_hours()
}

export function meanwhileText({ missed }: MeanwhileView): string {
  return m.pause_meanwhile({ count: missed })
}
