/** How many users this computer knows, as of when, and how far their reading is; empty as long as there is nothing to tell. */
import type { IndexView } from '$lib/backend'
import { isToday, moment, number, time } from '$lib/format'
import { m } from '$lib/m'

export function usersText(index: IndexView): string {
  const text = index.asOf === null ? reading(index) : known(index, index.asOf)
  return index.failed && text !== '' ? m.settings_users_failed({ text }) : text
}

/** All of them for the first time: how far that is, and how long it takes. */
function reading({ reading, read, of, secondsLeft }: IndexView): string {
  if (!reading) return ''
  const text = of === null ? m.settings_users_begins() : m.settings_users_reading({ read: number(read), of: number(of) })
  return secondsLeft === null ? text : m.settings_users_left({ text, left: duration(secondsLeft) })
}

function known({ users, missing }: IndexView, asOf: number): string {
  const count = number(users)
  const when = isToday(asOf) ? m.settings_users_today({ time: time(asOf) }) : moment(asOf)
  return missing === 0 ? m.settings_users({ count, when }) : m.settings_users_part({ count, when, missing: number(missing) })
}

/** Minutes at least, as it is an estimate. */
function duration(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60))
  if (minutes < 60) return m.stats_minutes({ minutes })
  return m.stats_hours({ hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}
