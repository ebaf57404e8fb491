/** Reminders to call back in words. The back end reads what was typed. */
import type { CommandError, ReminderView, WhenView } from './backend'
import { isToday, moment, phone, time } from './format'
import { m } from './m'
import { troubleText } from './trouble'

/** «сегодня в 15:30», «30 ноября в 10:00». */
export function whenText(at: number): string {
  return isToday(at) ? m.reminders_today({ time: time(at) }) : moment(at)
}

/** How a typed time was understood, or why it was not. */
export function previewText(when: WhenView): { text: string; fine: boolean } {
  switch (when.type) {
    case 'at': {
      const words = { none: m.reminders_preview, skipped: m.reminders_skipped, twice: m.reminders_twice }
      return { text: words[when.change]({ when: whenText(when.at) }), fine: true }
    }
    case 'unread':
      return { text: m.reminders_unread(), fine: false }
    case 'past':
      return { text: m.reminders_past(), fine: false }
    case 'tooFar':
      return { text: m.reminders_far(), fine: false }
  }
}

/** Why a reminder was not kept. */
export function refusalText({ trouble, about }: CommandError): string {
  if (trouble === 'badSetting' && about === 'past') return m.reminders_past()
  if (trouble === 'badSetting' && about === 'tooFar') return m.reminders_far()
  if (trouble === 'badSetting') return m.reminders_unread()
  if (trouble === 'refused' && about === 'nobody') return m.reminders_nobody()
  if (trouble === 'refused' && about === 'tooMany') return m.reminders_many()
  return m.reminders_failed({ reason: troubleText(trouble) })
}

/** Whom to call back. */
export function whom(reminder: ReminderView): string {
  return reminder.name === '' ? phone(reminder.number) : reminder.name
}
