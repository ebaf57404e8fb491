/** «Состояние» as rows, and as the text that is copied for who helps: the very same rows, so it holds what one sees. */
import { asked } from '$lib/asked'
import { backend, type AbilityView, type HealthView, type LinkView, type OfficeFileView, type OsView, type SecretsView } from '$lib/backend'
import { listed } from '$lib/bidi'
import { copyText } from '$lib/clipboard'
import { date, fileSize, moment, number, time } from '$lib/format'
import type { Side } from '$lib/link-trouble'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'
import { popupFigures, spellRows, spentRows, type Figure, type Spell, type Spent } from './health-course'
import { linkStateText, spanText } from './link-state'
import { vendorName } from './vendor'
import { usersText } from './users'

export interface HealthRow {
  title: string
  value: string
  /** Somebody should look at it. */
  alarm: boolean
}

export interface HealthGroup {
  title: string
  /** What the group is about, where its title does not say it. */
  text?: string
  /** What stands above the rows. */
  figures?: Figure[]
  rows: HealthRow[]
  /** What the requests were for. */
  spent?: Spent[]
  /** How the link stood, the newest first. */
  spells?: Spell[]
}

/** Clocks that are further apart make people wonder at times, ms. */
const FAR_APART = 60_000

const ABILITIES: Record<AbilityView, () => string> = {
  dials: m.health_ability_dials,
  hangsUp: m.health_ability_hangs_up,
  finds: m.health_ability_finds,
  meets: m.health_ability_meets,
  records: m.health_ability_records,
  traces: m.health_ability_traces,
  tellsWhoElseRings: m.health_ability_tells_who_else_rings,
  resumes: m.health_ability_resumes,
}

const PLACES: Record<SecretsView, () => string> = {
  keychain: m.health_keychain_keychain,
  environment: m.health_keychain_environment,
  none: m.health_keychain_none,
}

const OFFICE_FILES: Record<OfficeFileView, () => string> = {
  none: m.health_office_none,
  usual: m.health_office_usual,
  named: m.health_office_named,
}

/** Names of their own, the same in every language. */
const SYSTEMS: Record<OsView, () => string> = {
  alt: () => 'ALT Linux',
  arch: () => 'Arch Linux',
  astra: () => 'Astra Linux',
  debian: () => 'Debian',
  fedora: () => 'Fedora',
  mint: () => 'Linux Mint',
  opensuse: () => 'openSUSE',
  redos: () => 'RED OS',
  ubuntu: () => 'Ubuntu',
  other: m.health_os_other,
}

export function healthGroups(view: HealthView): HealthGroup[] {
  const { now, popup, pbx, omnidesk } = view
  const { budget } = omnidesk
  const figures = popupFigures(popup)
  return [
    { title: m.health_program(), rows: programRows(view) },
    {
      title: m.health_popup(),
      text: m.health_popup_text(),
      figures,
      rows: figures.length === 0 ? [row(m.health_popup_shown(), m.health_popup_none())] : [],
    },
    { title: m.workspace_pbx(), rows: pbxRows(view), spells: spellRows(pbx.spells, now) },
    {
      title: m.workspace_omnidesk(),
      rows: omnideskRows(view),
      ...(budget === null ? {} : { spent: spentRows(budget) }),
      spells: spellRows(omnidesk.spells, now),
    },
    { title: m.outbox_title(), rows: outboxRows(view) },
    { title: m.health_store(), rows: storeRows(view) },
    { title: m.health_settings(), rows: settingsRows(view) },
  ]
}

/** Puts it on the clipboard, as of now where it is not on the screen; false where that cannot be. */
export async function copyHealth(view: HealthView | null = null): Promise<boolean> {
  if (view !== null) return copyText(healthText(healthGroups(view)))
  const read = await asked(() => backend().health())
  return read.status === 'ok' && copyText(healthText(healthGroups(read.data)))
}

/** As plain text, a row a line. */
export function healthText(groups: HealthGroup[]): string {
  return groups.map((group) => [group.title, ...lines(group)].join('\n')).join('\n')
}

function lines({ figures = [], rows, spent, spells }: HealthGroup): string[] {
  const told = [
    ...figures.map(({ title, value }) => `  ${title}: ${value}`),
    ...rows.map(({ title, value, alarm }) => `  ${title}: ${value}${alarm ? ' (!)' : ''}`),
  ]
  if (spent !== undefined) told.push(`  ${m.health_spent()}:`, ...indented(spent.map(spentLine), m.health_spent_none()))
  if (spells !== undefined) told.push(`  ${m.health_spells()}:`, ...indented(spells.map(({ when, what }) => `${when}: ${what}`), m.health_spells_none()))
  return told
}

function indented(of: string[], otherwise: string): string[] {
  return (of.length === 0 ? [otherwise] : of).map((line) => `    ${line}`)
}

function spentLine({ title, minute, hour, waiting }: Spent): string {
  return `${title}: ${m.health_spent_line({ minute: number(minute), hour: number(hour), waiting: number(waiting) })}`
}

function programRows({ now, program }: HealthView): HealthRow[] {
  const { tasks } = program
  return [
    row(m.health_version(), program.version),
    row(m.health_system(), program.system),
    ...osRows(program),
    row(m.health_started(), fullMoment(program.startedAt)),
    row(m.health_now(), fullMoment(now)),
    row(m.health_tasks(), tasks.length === 0 ? number(0) : `${number(tasks.length)} (${listed(tasks, ', ')})`),
    fault(m.health_broken(), program.broken),
    fault(m.health_restarts(), program.restarts),
  ]
}

function osRows({ os, webView }: HealthView['program']): HealthRow[] {
  const rows = []
  if (os !== null) {
    const name = SYSTEMS[os.name]()
    rows.push(row(m.health_os(), os.version === null ? name : m.health_os_version({ name, version: os.version })))
  }
  if (webView !== null) rows.push(row(m.health_web_view(), webView))
  return rows
}

function pbxRows({ now, pbx }: HealthView): HealthRow[] {
  const link = linkRow('pbx', pbx.link, now)
  if (pbx.vendor === null) return [link]
  const dropped = pbx.bad + pbx.tooLarge
  return [
    row(m.health_vendor(), vendorName({ name: pbx.vendor })),
    row(m.health_pbx_version(), pbx.version ?? m.health_unknown()),
    link,
    row(m.health_phone(), pbx.phoneOnline === null ? m.health_unknown() : pbx.phoneOnline ? m.health_yes() : m.health_no(), pbx.phoneOnline === false),
    row(m.health_heard(), momentOr(pbx.heardAt, m.health_never())),
    count(m.health_reconnects(), Math.max(0, pbx.connects - 1)),
    count(m.health_events(), pbx.events),
    count(m.health_events_waiting(), pbx.waiting),
    row(
      m.health_dropped(),
      dropped === 0 ? number(0) : m.health_dropped_of({ count: number(dropped), bad: number(pbx.bad), large: number(pbx.tooLarge) }),
      dropped > 0,
    ),
    count(m.health_unknown_events(), pbx.unknown),
    row(m.health_abilities(), listed(pbx.abilities.map((ability) => ABILITIES[ability]()), ', ') || m.health_no_abilities()),
    clockRow(pbx.clockAhead),
  ]
}

function omnideskRows({ now, omnidesk }: HealthView): HealthRow[] {
  const { budget } = omnidesk
  const link = linkRow('omnidesk', omnidesk.link, now)
  if (budget === null) return [link]
  const left = {
    popup: number(budget.leftForPopup),
    pages: number(budget.leftForPages),
    outbox: number(budget.leftForOutbox),
    index: number(budget.leftForIndex),
  }
  return [
    link,
    row(m.health_limit(), budget.limit === null ? m.health_unknown() : number(budget.limit)),
    count(m.health_used(), budget.used),
    row(m.health_left(), m.health_left_for(left)),
    count(m.health_waiting(), budget.waiting),
    count(m.health_requests(), omnidesk.requests),
    count(m.health_failures(), omnidesk.failures),
    fault(m.health_limited(), omnidesk.limited),
    clockRow(omnidesk.clockAhead),
    ...omnidesk.errors.map(({ at, trouble, code }) =>
      row(m.health_error({ time: moment(at) }), `${troubleText(trouble)} (${code === null ? trouble : `${trouble}, ${code}`})`),
    ),
  ]
}

function outboxRows({ outbox }: HealthView): HealthRow[] {
  const queued = { count: number(outbox.queued), retried: number(outbox.retried) }
  return [
    row(m.health_queued(), outbox.retried === 0 ? queued.count : m.health_queued_of(queued)),
    count(m.health_sending(), outbox.sending),
    fault(m.health_wedged(), outbox.wedged),
    row(m.health_oldest(), momentOr(outbox.oldest, m.health_nothing_owed())),
  ]
}

function storeRows({ store, users }: HealthView): HealthRow[] {
  const { fault: refused, file } = store
  const rows = [row(m.health_disk(), refused === null ? m.health_disk_well() : m.health_disk_refuses({ code: refused }), refused !== null)]
  if (store.wasDamaged) rows.push(row(m.health_was_damaged(), m.health_was_damaged_text(), true))
  if (file === null) {
    rows.push(row(m.health_file(), m.health_file_unread(), true))
  } else {
    rows.push(
      count(m.health_schema(), file.schema),
      row(m.health_file(), m.health_size({ size: fileSize(file.bytes), log: fileSize(file.logBytes) })),
      count(m.health_free_pages(), file.freePages),
      row(m.health_kept(), momentOr(file.keptAt, m.health_never())),
      fault(m.health_journal(), file.journal),
      count(m.health_calls(), file.calls),
      count(m.health_history(), file.history),
      count(m.health_cases(), file.cases),
      count(m.health_outbox_rows(), file.outbox),
      count(m.health_aside(), file.aside),
    )
  }
  const told = usersText(users)
  rows.push(fault(m.health_unreadable(), store.unreadable), row(m.health_users(), number(users.users)))
  if (told !== '') rows.push(row(m.health_users_state(), told, users.failed))
  return rows
}

function settingsRows({ keychain, settings }: HealthView): HealthRow[] {
  const place = PLACES[keychain.place]()
  const file = OFFICE_FILES[settings.officeFile]()
  const kept = keychain.waits ? m.health_keychain_waits({ place }) : keychain.refused ? m.health_keychain_refused({ place }) : place
  return [
    row(m.health_keychain(), kept, keychain.waits || keychain.refused || keychain.place !== 'keychain'),
    row(m.health_office_file(), settings.officeUnread ? m.health_office_unread({ place: file }) : file, settings.officeUnread),
    count(m.health_office_keys(), settings.office),
    count(m.health_published_keys(), settings.published),
    count(m.health_own_keys(), settings.own),
    count(m.health_locked_keys(), settings.locked),
  ]
}

function row(title: string, value: string, alarm = false): HealthRow {
  return { title, value, alarm }
}

function count(title: string, value: number): HealthRow {
  return row(title, number(value))
}

/** A count that is zero on a good day. */
function fault(title: string, value: number): HealthRow {
  return row(title, number(value), value > 0)
}

/** The code of a trouble goes along: who helps looks it up, in whatever language the window is. */
function linkRow(side: Side, link: LinkView, now: number): HealthRow {
  const state = linkStateText(side, link, now)
  const { trouble } = link
  const text = trouble === null ? state : m.health_because({ state, reason: troubleText(trouble), code: trouble })
  return row(m.health_link(), text, link.state === 'down')
}

function clockRow(ahead: number | null): HealthRow {
  return row(m.health_clock(), clockText(ahead), ahead !== null && Math.abs(ahead) > FAR_APART)
}

function clockText(ahead: number | null): string {
  if (ahead === null) return m.health_unknown()
  const span = spanText(Math.abs(ahead))
  if (Math.abs(ahead) < 1000) return m.health_clock_same()
  return ahead > 0 ? m.health_clock_ahead({ span }) : m.health_clock_behind({ span })
}

/** With the date, as who helps reads it on another day. */
function fullMoment(at: number): string {
  return m.common_date_at_time({ date: date(at), time: time(at) })
}

function momentOr(at: number | null, otherwise: string): string {
  return at === null ? otherwise : moment(at)
}
