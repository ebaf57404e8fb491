/** Which banner stands above the page: one at a time, the most important one (design section 1, rule 6). */
import type { LucideIcon } from '@lucide/svelte'
import CircleArrowUp from '@lucide/svelte/icons/circle-arrow-up'
import CloudAlert from '@lucide/svelte/icons/cloud-alert'
import CloudOff from '@lucide/svelte/icons/cloud-off'
import Gauge from '@lucide/svelte/icons/gauge'
import LockOpen from '@lucide/svelte/icons/lock-open'
import HardDrive from '@lucide/svelte/icons/hard-drive'
import KeyRound from '@lucide/svelte/icons/key-round'
import PhoneOff from '@lucide/svelte/icons/phone-off'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import Unplug from '@lucide/svelte/icons/unplug'
import type { DeskView, LinkView, Route, SecretsView, StorageFaultView, TroubleView } from '$lib/backend'
import { moment, time } from '$lib/format'
import { m } from '$lib/m'
import { troubleText } from '$lib/trouble'

/** Where its button leads. */
export type BannerAction = 'pbx' | 'omnidesk' | 'cases' | 'outbox' | 'settings' | 'seen' | 'version'

export interface BannerLook {
  /** Equal while it is the same banner. */
  kind: string
  tone: 'fail' | 'wait' | 'neutral'
  icon: LucideIcon
  title: string
  text: string
  /** The moment of the next attempt, for a countdown. */
  retryAt: number | null
  /** It is trying right now. */
  retrying: boolean
  action: { text: string; to: BannerAction } | null
  /** What was kept aside can be had as a file. */
  exports: boolean
  /** «Повторить сейчас» is offered: asking again may help. */
  reconnects: boolean
}

/** What the open page says itself needs no banner; neither does a loss that was seen. */
export function bannerOf(view: DeskView, secrets: SecretsView | null, page: Route['page'], seen = false, newer: string | null = null): BannerLook | null {
  return (
    diskBanner(view) ??
    keychainBanner(view) ??
    pbxBanner(view) ??
    keyBanner(view.omnidesk) ??
    (page === 'outbox' ? null : wedgedBanner(view)) ??
    (seen ? null : lossBanner(view)) ??
    omnideskBanner(view.omnidesk) ??
    channelBanner(view.channel) ??
    phoneBanner(view) ??
    openBanner(view) ??
    restartBanner(view) ??
    secretsBanner(secrets) ??
    versionBanner(newer)
  )
}

/** While it reconnects, a link that was down stays down for the eye. */
function isDown(link: LinkView): boolean {
  return link.state === 'down' || (link.state === 'connecting' && link.trouble !== null)
}

function look(part: Pick<BannerLook, 'kind' | 'tone' | 'icon' | 'title' | 'text'> & Partial<BannerLook>): BannerLook {
  return { retryAt: null, retrying: false, action: null, reconnects: false, exports: false, ...part }
}

const DISK: Record<StorageFaultView, () => string> = {
  full: m.banner_disk_full,
  readOnly: m.banner_disk_read_only,
  damaged: m.banner_disk_damaged,
  inUse: m.banner_disk_in_use,
  other: m.banner_disk,
}

function diskBanner(view: DeskView): BannerLook | null {
  const { fault, mendedAt } = view.storage
  const refused = view.outbox.some((row) => row.state !== 'done' && row.trouble === 'storage') ? 'other' : null
  const disk = fault ?? refused
  if (disk !== null) {
    const text = disk === 'full' ? m.banner_disk_full_text() : m.banner_disk_text()
    return look({ kind: 'disk', tone: 'fail', icon: HardDrive, title: DISK[disk](), text })
  }
  if (mendedAt === null) return null
  return look({ kind: 'disk-back', tone: 'neutral', icon: HardDrive, title: m.banner_disk_back(), text: m.banner_disk_back_text() })
}

/** Settings that were saved with a new password or key wait for the keychain, or were not kept. */
function keychainBanner({ keychain }: DeskView): BannerLook | null {
  switch (keychain) {
    case 'locked':
      return look({ kind: 'keychain', tone: 'wait', icon: KeyRound, title: m.banner_keychain_locked(), text: m.banner_keychain_locked_text() })
    case 'notKept': {
      const action = { text: m.banner_settings(), to: 'settings' } as const
      return look({ kind: 'keychain-not-kept', tone: 'fail', icon: KeyRound, title: m.banner_keychain_not_kept(), text: m.banner_keychain_not_kept_text(), action })
    }
    case 'answers':
      return null
  }
}

/** There is a newer version of the program. */
function versionBanner(newer: string | null): BannerLook | null {
  if (newer === null) return null
  const action = { text: m.version_show(), to: 'version' } as const
  return look({ kind: 'version', tone: 'neutral', icon: CircleArrowUp, title: m.version_banner({ version: newer }), text: m.version_banner_text(), action })
}

/** The engine broke and started again a moment ago. */
function restartBanner({ faults }: DeskView): BannerLook | null {
  if (faults.restartedAt === null) return null
  return look({ kind: 'restart', tone: 'neutral', icon: RotateCcw, title: m.banner_restart(), text: m.banner_restart_text() })
}

/** Something that was kept here can no longer be read. */
function lossBanner({ storage }: DeskView): BannerLook | null {
  const action = { text: m.banner_seen(), to: 'seen' } as const
  const base = { kind: 'loss', tone: 'fail', icon: HardDrive, action } as const
  if (storage.aside !== null) return look({ ...base, title: m.banner_disk_aside(), text: m.banner_disk_aside_text({ file: storage.aside }) })
  const count = storage.unreadable
  if (count > 0) return look({ ...base, title: m.banner_disk_unreadable({ count }), text: m.banner_disk_unreadable_text(), exports: true })
  return storage.officeUnread ? look({ ...base, kind: 'office', tone: 'wait', title: m.banner_office_unread(), text: m.banner_office_unread_text() }) : null
}

/** Where cases go is decided by an administrator; one that is gone is never written to. */
function channelBanner(channel: DeskView['channel']): BannerLook | null {
  const action = { text: m.banner_choose_channel(), to: 'cases' } as const
  switch (channel) {
    case 'gone':
      return look({ kind: 'channel-gone', tone: 'fail', icon: Unplug, title: m.banner_channel_gone(), text: m.banner_channel_gone_text(), action })
    case 'unset':
      return look({ kind: 'channel-unset', tone: 'wait', icon: TriangleAlert, title: m.banner_channel_unset(), text: m.banner_channel_unset_text(), action })
    case 'there':
    case 'unknown':
      return null
  }
}

function pbxBanner(view: DeskView): BannerLook | null {
  const link = view.pbx
  if (!isDown(link)) return null
  const check = { text: m.banner_check(), to: 'pbx' } as const
  const base = {
    kind: `pbx-${link.trouble ?? 'down'}`,
    tone: 'fail',
    icon: Unplug,
    retryAt: link.state === 'down' ? link.retryAt : null,
    retrying: link.state === 'connecting',
    action: check,
    reconnects: true,
  } as const
  const words = pbxWords(link, view.agent.extension)
  return look({ ...base, ...words })
}

function pbxWords(link: LinkView, extension: string): Pick<BannerLook, 'title' | 'text'> & Partial<BannerLook> {
  const decide = { text: m.banner_decide(), to: 'pbx' } as const
  switch (link.trouble) {
    case 'badCredentials':
      return { title: m.banner_pbx_credentials(), text: m.banner_pbx_credentials_text(), icon: KeyRound }
    case 'forbidden':
      return { title: m.banner_pbx_forbidden(), text: m.banner_pbx_credentials_text(), icon: KeyRound }
    case 'noSuchExtension':
      return { title: m.banner_pbx_extension({ extension }), text: m.banner_pbx_credentials_text() }
    case 'replaced':
      return { title: m.banner_pbx_replaced(), text: m.banner_pbx_replaced_text() }
    case 'plainHttp':
      return { title: m.banner_open_waits(), text: m.banner_open_waits_text(), icon: LockOpen, action: decide, reconnects: false }
    case 'flooding':
      return { title: m.banner_pbx_flooding(), text: m.banner_pbx_flooding_text() }
    case 'booting':
      return { title: m.banner_pbx_booting(), text: m.banner_pbx_booting_text(), tone: 'wait' }
    case 'tls':
      return { title: downTitle(link), text: `${troubleText(link.trouble)}. ${m.banner_pbx_tls_text()}` }
    case 'noTls':
    case 'needsTls':
    case 'unknownHost':
    case 'wrongService':
    case 'badSetting':
    case 'gone':
    case 'refused':
      return { title: downTitle(link), text: `${troubleText(link.trouble)}. ${m.banner_pbx_credentials_text()}` }
    case 'unreachable':
    case 'timeout':
    case 'notOffered':
    case 'phoneOffline':
    case 'readOnly':
    case 'noRoute':
    case 'openPbx':
    case 'noSuchNumber':
    case 'lineRefused':
    case 'silent':
    case 'closed':
    case 'rateLimited':
    case 'serverError':
    case 'foreignHost':
    case 'fileAddress':
    case 'notSound':
    case 'noKeychain':
    case 'keychainLocked':
    case 'storage':
    case 'other':
    case null:
      return { title: downTitle(link), text: m.banner_pbx_down_text() }
  }
}

function downTitle(link: LinkView): string {
  return link.since === null ? m.banner_pbx_down_plain() : m.banner_pbx_down({ time: moment(link.since) })
}

/** Only a person can mend these two. */
function keyBanner(link: LinkView): BannerLook | null {
  if (!isDown(link)) return null
  if (link.trouble === 'badCredentials') {
    const action = { text: m.banner_enter_key(), to: 'omnidesk' } as const
    return look({ kind: 'key', tone: 'fail', icon: KeyRound, title: m.banner_key_rejected(), text: m.banner_key_rejected_text(), action })
  }
  if (link.trouble === 'forbidden') {
    const action = { text: m.banner_check(), to: 'omnidesk' } as const
    return look({ kind: 'staff', tone: 'fail', icon: KeyRound, title: m.banner_staff_rejected(), text: m.banner_staff_rejected_text(), action, reconnects: true })
  }
  return null
}

function wedgedBanner(view: DeskView): BannerLook | null {
  const count = view.outbox.filter((row) => row.state === 'wedged').length
  if (count === 0) return null
  const action = { text: m.banner_show(), to: 'outbox' } as const
  return look({ kind: 'wedged', tone: 'fail', icon: CloudAlert, title: m.banner_wedged({ count }), text: m.banner_wedged_text(), action })
}

function omnideskBanner(link: LinkView): BannerLook | null {
  if (!isDown(link)) return null
  if (link.trouble === 'rateLimited') {
    const until = link.retryAt === null ? '' : ` ${m.banner_rate_limited_until({ time: time(link.retryAt) })}`
    return look({ kind: 'rate', tone: 'wait', icon: Gauge, title: m.banner_rate_limited(), text: m.banner_rate_limited_text() + until })
  }
  const title = link.since === null ? m.banner_omnidesk_down_plain() : m.banner_omnidesk_down({ time: moment(link.since) })
  const action = { text: m.banner_queue(), to: 'outbox' } as const
  return look({
    kind: 'omnidesk',
    tone: 'wait',
    icon: CloudOff,
    title,
    text: omnideskText(link.trouble),
    action,
    retrying: link.state === 'connecting',
    reconnects: true,
  })
}

/** A wrong address does not mend itself: it is said. */
function omnideskText(trouble: TroubleView | null): string {
  const isWrong = trouble === 'unknownHost' || trouble === 'tls' || trouble === 'wrongService' || trouble === 'badSetting' || trouble === 'gone'
  return isWrong ? `${troubleText(trouble)}. ${m.banner_omnidesk_down_text()}` : m.banner_omnidesk_down_text()
}

function phoneBanner({ agent, pbx }: DeskView): BannerLook | null {
  if (agent.phoneOnline !== false || pbx.state !== 'up') return null
  const text = m.banner_phone_offline_text({ extension: agent.extension })
  return look({ kind: 'phone', tone: 'wait', icon: PhoneOff, title: m.banner_phone_offline(), text })
}

/** Somebody said yes to plain HTTP: nobody forgets it. */
function openBanner({ inTheOpen }: DeskView): BannerLook | null {
  if (!inTheOpen) return null
  const action = { text: m.banner_settings(), to: 'pbx' } as const
  return look({ kind: 'open', tone: 'wait', icon: LockOpen, title: m.banner_open(), text: m.banner_open_text(), action })
}

function secretsBanner(secrets: SecretsView | null): BannerLook | null {
  if (secrets !== 'environment') return null
  const action = { text: m.banner_settings(), to: 'settings' } as const
  return look({ kind: 'secrets', tone: 'wait', icon: TriangleAlert, title: m.banner_environment(), text: m.banner_environment_text(), action })
}
