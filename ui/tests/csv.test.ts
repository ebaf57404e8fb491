/** CSV that is read back as it was, and that no spreadsheet runs. */
import { describe, expect, test } from 'vitest'
import { csv, CSV_BEGIN, csvRow, type Cell } from '$lib/csv'

/** A reader of RFC 4180, by its grammar. */
function read(text: string): string[][] {
  const rows: string[][] = []
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false]
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (text[i + 1] === '"') cell += text[++i]
      else quoted = false
    } else if (sign === '"' && cell === '') quoted = true
    else if (sign === ',') {
      row.push(cell)
      cell = ''
    } else if (sign === '\r' && text[i + 1] === '\n') {
      rows.push([...row, cell])
      ;[row, cell] = [[], '']
      i++
    } else cell += sign
  }
  expect([row, cell, quoted], 'ends with a line\'s end').toEqual([[], '', false])
  return rows
}

describe('a table', () => {
  test('begins with a mark and its header, and ends each line as RFC 4180 says', () => {
    expect(csv(['Имя', 'Номер'], [['Анна', 5]])).toBe('\uFEFFИмя,Номер\r\nАнна,5\r\n')
    expect(csv(['Имя'], [])).toBe('\uFEFFИмя\r\n')
  })

  test.each<[string, string]>([
    ['a comma', 'Иванов, Пётр'],
    ['quotes', 'ООО "Ромашка"'],
    ['quotes alone', '"'],
    ['lines', 'первая\r\nвторая\nтретья\rчетвёртая'],
    ['blanks at the ends', ' между '],
    ['letters from right to left', 'שרה כהן'],
    ['signs of several letters', '👩‍👩‍👧‍👦 é'],
    ['ten kilobytes', 'щ"'.repeat(5_000)],
    ['nothing', ''],
  ])('with %s is read back as it was', (_, text) => {
    expect(read(csvRow([text, 'рядом', text]))).toEqual([[text, 'рядом', text]])
  })

  test('numbers are numbers, what is missing is empty, and the marks of the screen are left out', () => {
    const cells: Cell[] = [-5, 0.5, null, undefined, NaN, Infinity, '\u2068שרה\u2069']
    expect(csvRow(cells)).toBe('-5,0.5,,,,,שרה\r\n')
  })
})

describe('no spreadsheet takes a text for a formula', () => {
  const FORMULAS = ['=1+1', '+7 (921) 555-01-34', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\ttext', ' =1', '\u00A0=1', '\u200B=1', '\uFEFF=1', '\u202E=1', '\0=1', '＝1', '－1', '=cmd|\'/C calc\'!A0', '=HYPERLINK("http://x.example","a")']

  test.each(FORMULAS)('%j', (text) => {
    const [cell] = read(csvRow([text]))[0]!
    expect(cell!.startsWith('\'')).toBe(true)
    expect(cell!.slice(1)).toBe(text.replaceAll('\0', ''))
  })

  test.each(['a=1', '7-921', 'anna@example.org', '(812) 1', '1 + 1', '«=»'])('«%s» is none and stays as it is', (text) => {
    expect(csvRow([text])).toBe(`${text}\r\n`)
  })

  test('in a header neither', () => {
    expect(csv(['=Имя'], [])).toBe(`${CSV_BEGIN}'=Имя\r\n`)
  })

  test('a cell cannot end early and begin another', () => {
    expect(read(csvRow(['a",=1', 'b\r\n=1,c']))).toEqual([['a",=1', 'b\r\n=1,c']])
  })
})
