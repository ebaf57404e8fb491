/** Names and numbers as the page may show them: hidden while the agent wants that. What is saved as a file is whole. */
import type { BestView, LineView, TeamBestView } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { m } from '$lib/m'
import { personal } from '$lib/veil'

/** The agent of this computer by name, others by their address or extension. */
export function agentName(row: BestView): string {
  return personal(fullName(row))
}

export function fullName({ agent, you }: BestView): string {
  return (you ? desk.view.agent.name : null) || agent
}

/** A member of staff by name; who is not on the staff's list any more by number. */
export function staffName({ staff, name }: TeamBestView, whole = false): string {
  if (name === null) return m.stats_team_gone({ staff })
  return whole ? name : personal(name)
}

export function lineName({ line }: LineView): string {
  return line === null ? m.stats_line_none() : personal(line)
}
