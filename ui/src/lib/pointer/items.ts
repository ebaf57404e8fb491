/** What the menus of numbers, people, cases and calls offer. */
import Copy from '@lucide/svelte/icons/copy'
import ExternalLink from '@lucide/svelte/icons/external-link'
import FileText from '@lucide/svelte/icons/file-text'
import Link2 from '@lucide/svelte/icons/link-2'
import Phone from '@lucide/svelte/icons/phone'
import User from '@lucide/svelte/icons/user-round'
import { backend, type CallView, type CaseRow, type UserView } from '$lib/backend'
import { callUser } from '$lib/calls'
import { copyText } from '$lib/clipboard'
import type { Dialing } from '$lib/dialing.svelte'
import { phone, userName } from '$lib/format'
import { m } from '$lib/m'
import { router } from '$lib/router.svelte'
import type { MenuItem } from './menu.svelte'

export function copying(text: string, value: string): MenuItem {
  return { icon: Copy, text, run: () => copyText(value) }
}

/** A number as it stands in a profile. */
export function numberItems(number: string, dialing: Dialing | null, caseId: string | null = null): MenuItem[] {
  const copied = copying(m.menu_copy({ text: number }), number)
  if (dialing === null) return [copied]
  return [copied, { icon: Phone, text: m.menu_call({ text: number }), run: () => dialing.dial(number, caseId) }]
}

/** Somebody: the way to them, and what they are called. */
export function personItems(user: UserView, call: string | null): MenuItem[] {
  return [
    { icon: User, text: m.profile_open(), run: () => router.go({ page: 'profile', user: user.id, call }) },
    copying(m.menu_copy_name(), userName(user)),
    ...user.phones.map((number) => copying(m.menu_copy({ text: number }), number)),
    ...(user.email === null || user.email === '' ? [] : [copying(m.menu_copy({ text: user.email }), user.email)]),
  ]
}

/** A page of Omnidesk. */
export function pageItems(url: string | null, open: () => unknown): MenuItem[] {
  if (url === null) return []
  return [
    { icon: Link2, text: m.menu_copy_link(), run: () => copyText(url) },
    { icon: ExternalLink, text: m.fields_open_omnidesk(), run: open },
  ]
}

export function caseItems({ id, number }: Pick<CaseRow, 'id' | 'number'>): MenuItem[] {
  const route = { page: 'case', case: id, call: null } as const
  return [
    { icon: FileText, text: m.workspace_open_case({ number }), run: () => router.go(route) },
    copying(m.menu_copy({ text: number }), number),
    { icon: ExternalLink, text: m.fields_open_omnidesk(), run: () => backend().openInOmnidesk(route) },
  ]
}

/** A call: whose it was, its number and its case; `again` is how a click on its handset calls back. */
export function callItems(call: CallView, again: { number: string; caseId: string | null } | null, dialing: Dialing | null): MenuItem[] {
  const user = callUser(call)
  const number = phone(call.number)
  return [
    ...(user === null ? [] : [{ icon: User, text: m.profile_open(), run: () => router.go({ page: 'profile', user: user.id, call: call.id }) }]),
    ...(call.case.type === 'linked' ? caseItems({ id: call.case.caseId, number: call.case.number }).slice(0, 2) : []),
    ...(call.number.kind === 'withheld' ? [] : [copying(m.menu_copy({ text: number }), call.number.e164 ?? number)]),
    ...(user === null ? [] : [copying(m.menu_copy_name(), userName(user))]),
    ...(again === null || dialing === null
      ? []
      : [{ icon: Phone, text: m.menu_call({ text: number }), run: () => dialing.dial(again.number, again.caseId) }]),
  ]
}
