/** «Фразы» in a gist's field: a slash and a few letters find one by its name. The back end has filled them in. */
import type { PhraseView } from './backend'

/** What was typed to find a phrase: where its slash stands, and the letters after it. */
export interface Slash {
  from: number
  query: string
}

/** More letters are a word, or a path that was pasted. */
const LONGEST_QUERY = 20

/** The slash that is being typed at; none where it stands in a word, as in «и/или». */
export function slashAt(text: string, caret: number): Slash | null {
  const before = text.slice(Math.max(0, caret - LONGEST_QUERY - 2), caret)
  const found = /(?:^|\s)\/([^\s/]*)$/u.exec(before)
  if (found === null) return null
  const query = found[1] ?? ''
  const from = caret - query.length - 1
  // What was cut off may have been a letter before the slash.
  const isFirst = from === 0 || /\s/u.test(text[from - 1] ?? '')
  return isFirst && query.length <= LONGEST_QUERY ? { from, query } : null
}

const plain = (text: string) => text.toLocaleLowerCase().replaceAll('ё', 'е')

/** Those whose name, or a word of it, begins so; the name itself first, else in the office's order. */
export function matching(phrases: readonly PhraseView[], query: string): PhraseView[] {
  const wanted = plain(query)
  const rank = ({ title }: PhraseView) => {
    const name = plain(title)
    if (name.startsWith(wanted)) return 0
    return name.split(/[\s\-–—«»"(),.]+/u).some((word) => word.startsWith(wanted)) ? 1 : 2
  }
  return phrases
    .map((phrase, at) => ({ phrase, at, rank: rank(phrase) }))
    .filter((row) => row.rank < 2)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map((row) => row.phrase)
}

/** The text with a phrase in place of what found it, and what is selected then: the field to be typed over, else the end. */
export function withPhrase(text: string, slash: Slash, phrase: PhraseView): { text: string; from: number; to: number } {
  const after = slash.from + 1 + slash.query.length
  const end = slash.from + phrase.text.length
  const { left } = phrase
  return {
    text: text.slice(0, slash.from) + phrase.text + text.slice(after),
    from: left === null ? end : slash.from + left.from,
    to: left === null ? end : slash.from + left.to,
  }
}
