/** The filters of the list of calls, in words. */
import { m } from '$lib/m'
import type { Only, Period } from './list.svelte'

export const PERIODS: Record<Period, () => string> = {
  all: m.calls_period_all,
  today: m.calls_period_today,
  week: m.calls_period_week,
  month: m.calls_period_month,
}

export const ONLY: readonly { only: Only; text: () => string }[] = [
  { only: 'notCalledBack', text: m.calls_only_not_called_back },
  { only: 'mine', text: m.calls_only_mine },
  { only: 'withoutCase', text: m.calls_only_without_case },
]
