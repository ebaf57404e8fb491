/** Where a search text occurs in another text, as ranges; the windows draw marks from them and never from HTML. */

/** Half-open range of UTF-16 units. */
export type Range = readonly [start: number, end: number]

/** A part of a text, marked or not. */
export interface Piece {
  text: string
  marked: boolean
}

const RU_LATIN: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p',
  р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya',
}

/** Digits of a number with its prefix. */
const WHOLE_NUMBER = 11

/** Digits of one number, with what stands between them. */
const NUMBER = /\d(?:[()\s.+-]{0,3}\d)*/g

/** Every place where one of the words of `query` occurs, in order and without overlaps. Case, ё/е and the script do not matter. */
export function rangesOf(text: string, query: string): Range[] {
  const words = query.trim().split(/\s+/)
  if (isNumber(query.trim())) {
    const found = numberRanges(text, query)
    // The parts of a number mean nothing by themselves, unless they stand by themselves.
    return merge(found.length > 0 ? found : words.flatMap((word) => standingAlone(text, word)))
  }
  const folded = fold(text)
  const found: Range[] = []
  for (const word of words) {
    if (word === '') continue
    if (isNumber(word)) found.push(...numberRanges(text, word))
    // A digit or two mean nothing within another number.
    if (/^\d{1,2}$/.test(word)) {
      found.push(...standingAlone(text, word))
      continue
    }
    const wanted = fold(word)
    for (const variant of new Set([wanted, latin(wanted)])) found.push(...plainRanges(folded, variant))
  }
  return merge(found)
}

/** The text cut into marked and unmarked pieces. */
export function pieces(text: string, ranges: Range[]): Piece[] {
  const out: Piece[] = []
  let at = 0
  for (const [start, end] of ranges) {
    if (start > at) out.push({ text: text.slice(at, start), marked: false })
    out.push({ text: text.slice(start, end), marked: true })
    at = end
  }
  if (at < text.length) out.push({ text: text.slice(at), marked: false })
  return out
}

/** A long text cut around its first mark, on word borders, with «…» where something was left out; with its marks. */
export function excerpt(text: string, ranges: Range[], around = 40): { text: string; ranges: Range[] } {
  const line = text.replace(/\s/g, ' ')
  const [start, end] = ranges[0] ?? [0, 0]
  const from = start <= around ? 0 : Math.min(line.indexOf(' ', start - around) + 1 || start, start)
  const after = line.length - end <= around ? line.length : Math.max(line.lastIndexOf(' ', end + around), end)
  const [before, behind] = [from > 0 ? '…' : '', after < line.length ? '…' : '']
  const inside = ranges.filter(([begin, until]) => begin >= from && until <= after)
  const moved = inside.map(([begin, until]): Range => [begin - from + before.length, until - from + before.length])
  return { text: `${before}${line.slice(from, after)}${behind}`, ranges: moved }
}

/** Lower case and ё as е, unit by unit, so that positions stay those of the original. */
function fold(text: string): string {
  let out = ''
  for (const char of text) {
    const lower = char.toLowerCase()
    out += lower.length === char.length ? lower.replace('ё', 'е') : char
  }
  return out
}

function latin(word: string): string {
  return [...word].map((char) => RU_LATIN[char] ?? char).join('')
}

function plainRanges(text: string, word: string): Range[] {
  const found: Range[] = []
  if (word === '') return found
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) found.push([at, at + word.length])
  return found
}

/** At least three digits and nothing but a number's own signs. */
function isNumber(word: string): boolean {
  return /^[\d+()\s.-]+$/.test(word) && word.replace(/\D/g, '').length >= 3
}

/** Digits are compared without the brackets and hyphens between them, within one number. */
function numberRanges(text: string, word: string): Range[] {
  const wanted = word.replace(/\D/g, '')
  return [...text.matchAll(NUMBER)].flatMap((number) => {
    const digits = [...number[0].matchAll(/\d/g)].map((digit) => number.index + digit.index)
    const bare = number[0].replace(/\D/g, '')
    return digitRanges(bare, wanted).map(([start, end]): Range => [digits[start] ?? 0, (digits[end - 1] ?? 0) + 1])
  })
}

function digitRanges(bare: string, wanted: string): Range[] {
  const found = plainRanges(bare, wanted)
  if (found.length > 0) return found
  // Typed with another prefix than it is kept with (8 921 …, +7 921 …): the part both have in common.
  if (wanted.length >= WHOLE_NUMBER) return plainRanges(bare, wanted.slice(1 - WHOLE_NUMBER))
  const begun = wanted.length > 3 && /^[78]/.test(wanted) && /^[78]/.test(bare) && bare.startsWith(wanted.slice(1), 1)
  return begun ? [[1, wanted.length]] : []
}

/** Where these digits are a number by themselves. */
function standingAlone(text: string, digits: string): Range[] {
  return [...text.matchAll(/\d+/g)].filter((run) => run[0] === digits).map((run): Range => [run.index, run.index + digits.length])
}

function merge(ranges: Range[]): Range[] {
  const out: [number, number][] = []
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else out.push([start, end])
  }
  return out
}
