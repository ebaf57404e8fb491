/** A connection's state in a line: «Подключена с 08:57», «Нет связи с 14:05, повтор через 12 с». */
import type { LinkView } from '$lib/backend'
import { moment } from '$lib/format'
import type { Side } from '$lib/link-trouble'
import { m } from '$lib/m'

export function linkStateText(side: Side, link: LinkView, now: number): string {
  switch (link.state) {
    case 'up':
      return upText(side, link.since)
    case 'connecting':
      return m.settings_connecting()
    case 'down':
      return downText(link, now)
    case 'off':
      return m.settings_off()
  }
}

/** How long until the next attempt: «8 с», from two minutes on «3 мин»; empty when there is none. */
export function untilText(retryAt: number | null, now: number): string {
  return retryAt === null ? '' : spanText(retryAt - now)
}

/** «8 с», from two minutes on «3 мин». */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return seconds < 120 ? m.banner_seconds({ count: seconds }) : m.banner_minutes({ count: Math.round(seconds / 60) })
}

function upText(side: Side, since: number | null): string {
  if (side === 'pbx') return since === null ? m.settings_pbx_up_plain() : m.settings_pbx_up({ time: moment(since) })
  return since === null ? m.settings_omnidesk_up_plain() : m.settings_omnidesk_up({ time: moment(since) })
}

function downText(link: LinkView, now: number): string {
  const down = link.since === null ? m.settings_down() : m.settings_down_since({ time: moment(link.since) })
  const until = untilText(link.retryAt, now)
  return until === '' ? down : `${down}, ${m.settings_retry_in({ span: until })}`
}
