/** What the real back end tells a workspace that shows this (`src-tauri/src/shown.rs`): calls that are over only where a page has them. */
import type { CallView, DeskView, Shows } from '../types'

const LAST = 12

export function shownTo(view: DeskView, shows: Shows): DeskView {
  const linked = (call: CallView) => (call.case.type === 'linked' ? call.case.caseId : null)
  const live = (call: CallView) => call.phase !== 'ended'
  const from = view.calls.filter(live).map((call) => call.calledFrom)
  const users = (call: CallView) =>
    call.caller.type === 'known' ? [call.caller.user.id] : call.caller.type === 'several' ? call.caller.users.map((user) => user.id) : []
  const isAbout = (call: CallView, id: string) =>
    linked(call) === id || call.calledFrom === id || call.outcome?.closedMissed.some((closed) => closed.caseId === id) === true
  const outbox = view.outbox.filter((row) => shows.outbox || row.state !== 'done' || row.what === 'edit')
  const calls = view.calls.filter(
    (call, place) =>
      place < Math.max(shows.listed, LAST) ||
      live(call) ||
      view.popup.includes(call.id) ||
      call.id === shows.call ||
      (shows.outbox && outbox.some((row) => row.call === call.id)) ||
      (linked(call) !== null && from.includes(linked(call))) ||
      (shows.case !== null && isAbout(call, shows.case)) ||
      (shows.user !== null && users(call).includes(shows.user)),
  )
  return { ...view, calls, outbox }
}
