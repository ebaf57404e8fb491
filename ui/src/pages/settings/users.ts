/** How many users this computer knows, as of when, and whether that is all of them; empty as long as there is nothing to tell. */
import type { IndexView } from '$lib/backend'
import { isToday, moment, number, time } from '$lib/format'
import { m } from '$lib/m'

export function usersText(index: IndexView): string {
  const count = number(index.users)
  if (index.asOf === null) return index.reading ? m.settings_users_reading({ count }) : ''
  const when = isToday(index.asOf) ? m.settings_users_today({ time: time(index.asOf) }) : moment(index.asOf)
  return index.of === null ? m.settings_users({ count, when }) : m.settings_users_of({ count, total: number(index.of), when })
}
