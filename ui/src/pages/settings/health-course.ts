/** What «Состояние» tells of time gone by: how soon cards came, how the links stood, what requests were for. */
import type { BudgetHealth, HealthView, LinkSpellView, LinkStateView, PurposeView } from '$lib/backend'
import { listed } from '$lib/bidi'
import { moment, number } from '$lib/format'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'
import { spanText } from './link-state'

/** A figure that stands for itself. */
export interface Figure {
  title: string
  value: string
}

/** One state of a link, as long as it lasted. */
export interface Spell {
  when: string
  what: string
  state: LinkStateView
}

/** What one purpose took of the account's requests. */
export interface Spent {
  title: string
  minute: number
  hour: number
  waiting: number
  /** Of the purpose that took the most in the hour, 0 to 1. */
  share: number
}

const HOURS = 2 * 3_600_000
const DAYS = 48 * 3_600_000

const STATES: Record<LinkStateView, () => string> = {
  up: m.health_spell_up,
  down: m.health_spell_down,
  connecting: m.health_spell_connecting,
  off: m.settings_off,
}

const PURPOSES: Record<PurposeView, () => string> = {
  lookUp: m.health_purpose_look_up,
  pages: m.health_purpose_pages,
  outbox: m.health_purpose_outbox,
  account: m.health_purpose_account,
  office: m.health_purpose_office,
  users: m.health_purpose_users,
  statistics: m.health_purpose_statistics,
  background: m.health_purpose_background,
}

/** None before a card was shown. */
export function popupFigures({ calls, half, most, slowest }: HealthView['popup']): Figure[] {
  if (half === null || most === null || slowest === null) return []
  const took = (count: number) => m.health_ms({ count: number(count) })
  return [
    { title: m.health_popup_half(), value: took(half) },
    { title: m.health_popup_most(), value: took(most) },
    { title: m.health_popup_slowest(), value: took(slowest) },
    { title: m.health_popup_calls(), value: number(calls) },
  ]
}

/** The newest first. */
export function spellRows(spells: LinkSpellView[], now: number): Spell[] {
  return spells.map((spell) => ({ when: moment(spell.since), what: spellText(spell, now), state: spell.state })).reverse()
}

function spellText({ state, since, until, goesOn, reasons }: LinkSpellView, now: number): string {
  const name = STATES[state]()
  const lasted =
    until !== null
      ? m.health_spell_lasted({ state: name, span: lastedText(until - since) })
      : goesOn
        ? m.health_spell_goes_on({ state: name, span: lastedText(now - since) })
        : m.health_spell_unseen({ state: name })
  if (reasons.length === 0) return lasted
  // The code goes along: who helps looks it up, in whatever language the window is.
  const told = listed(reasons.map((reason) => `${troubleText(reason)} (${reason})`), '; ')
  return m.health_spell_because({ state: lasted, reasons: told })
}

/** «8 с», «3 мин», from two hours on «5 ч», from two days on «3 дн». */
export function lastedText(ms: number): string {
  if (ms < HOURS) return spanText(ms)
  if (ms < DAYS) return m.health_hours({ count: Math.round(ms / 3_600_000) })
  return m.health_days({ count: Math.round(ms / 86_400_000) })
}

/** Those that took something in the hour, or wait, the greatest first. */
export function spentRows({ spent }: BudgetHealth): Spent[] {
  const most = Math.max(1, ...spent.map(({ hour }) => hour))
  return spent
    .filter(({ minute, hour, waiting }) => minute + hour + waiting > 0)
    .sort((a, b) => b.hour - a.hour)
    .map(({ purpose, minute, hour, waiting }) => ({ title: PURPOSES[purpose](), minute, hour, waiting, share: hour / most }))
}
