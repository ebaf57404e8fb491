/** What fits what was typed, best first. Pure. */
import type { CallView } from '$lib/backend'
import { callName, callUser } from '$lib/calls'
import { phone } from '$lib/format'
import type { Command } from './commands'

/** Most commands, calls and cases that are offered at once, each. */
const MOST = 6

/** The number of a case as people say it, such as `664-245651`. */
export function caseNumber(text: string): string | null {
  const found = /^\s*[#№]?\s*(\d{2,4}-\d{4,8})\s*$/.exec(text)
  return found?.[1] ?? null
}

/** Commands whose title begins so, then those in which each word typed begins a word. Without a text those that one needs most. */
export function fitting(commands: Command[], text: string): Command[] {
  const wanted = plain(text)
  if (wanted === '') return commands.filter(({ key }) => key !== null).slice(0, MOST)
  const ranked = commands.flatMap((command) => {
    const rank = rankOf(command, wanted)
    return rank === null ? [] : [{ command, rank }]
  })
  return ranked.sort((a, b) => a.rank - b.rank).map(({ command }) => command).slice(0, MOST)
}

function rankOf({ title, of }: Command, wanted: string): number | null {
  if (plain(title).startsWith(wanted)) return 0
  if (of !== null && plain(`${of} ${title}`).startsWith(wanted)) return 1
  return hasWords(`${of ?? ''} ${title}`, wanted) ? 2 : null
}

/** Whether each word that was typed begins a word of the text. */
function hasWords(text: string, wanted: string): boolean {
  const words = wordsOf(text)
  const parts = wordsOf(wanted)
  return parts.every((part) => words.some((word) => word.startsWith(part))) && (parts.length > 0 || wanted === '')
}

function wordsOf(text: string): string[] {
  return plain(text).split(/[^\p{L}\p{N}+]+/u).filter((word) => word !== '')
}

/** Small letters, `е` for `ё`, single blanks. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е').replaceAll(/\s+/g, ' ').trim()
}

/** The last people on the phone, each once; with a text those whose name, company or number has it. */
export function people(calls: CallView[], text: string): CallView[] {
  const wanted = plain(text)
  const digits = text.replaceAll(/\D/g, '')
  const seen = new Set<string>()
  return calls
    .filter((call) => {
      const user = callUser(call)
      const who = user?.id ?? phone(call.number)
      if (seen.has(who)) return false
      const named = hasWords([callName(call), user?.company].join(' '), wanted)
      const numbered = digits.length >= 3 && phone(call.number).replaceAll(/\D/g, '').includes(digits)
      if (wanted !== '' && !named && !numbered) return false
      seen.add(who)
      return true
    })
    .slice(0, MOST)
}

/** A case that this computer knows of. */
export interface KnownCase {
  id: string
  number: string
  subject: string
}

/** The cases of the last calls whose subject has these words, or whose number begins so. */
export function cases(calls: CallView[], text: string): KnownCase[] {
  const wanted = plain(text)
  if (wanted === '') return []
  const known = new Map<string, KnownCase>()
  for (const { case: of } of calls) {
    if (of.type !== 'linked' || known.has(of.caseId)) continue
    if (hasWords(of.subject, wanted) || of.number.startsWith(wanted)) known.set(of.caseId, { id: of.caseId, number: of.number, subject: of.subject })
  }
  return [...known.values()].slice(0, MOST)
}
