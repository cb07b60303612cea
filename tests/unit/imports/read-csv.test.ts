import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeSource } from '../../../shared/imports/decode.ts'
import { readCsv } from '../../../shared/imports/read-csv.ts'
import { readJsonSource, readYamlSource } from '../../../shared/imports/read-objects.ts'
import { gzipSync } from 'node:zlib'

/** A cell as it is written, quoted where it must be. */
const quoted = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

const cellText = fc
  .array(fc.constantFrom('a', 'é', ' ', '"', ',', ';', '\t', '\n', '\r\n', '7', '漢'), { maxLength: 8 })
  .map((parts) => parts.join(''))

const file = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  rows: fc.array(
    fc.record({
      cells: fc.array(cellText, { minLength: 3, maxLength: 3 }).map(([, ...rest]) => ['x', ...rest]),
      emptyLines: fc.nat(2),
    }),
    { maxLength: 12 },
  ),
})

describe('a CSV file', () => {
  test('gives back its cells, and the line on which each row begins', async () => {
    await fc.assert(
      fc.asyncProperty(file, async ({ delimiter, lineEnd, rows }) => {
        let text = ['one', 'two', 'three'].join(delimiter) + lineEnd
        const expected: { line: number; cells: string[] }[] = []
        for (const { cells, emptyLines } of rows) {
          text += lineEnd.repeat(emptyLines)
          const line = text.split(/\r\n|\n|\r/).length
          expected.push({ line, cells })
          text += cells.map((cell) => quoted(cell ?? '', delimiter)).join(delimiter) + lineEnd
        }

        const source = await readCsv(Buffer.from(text))

        expect(source.issues).toEqual([])
        expect(
          source.rows.map(({ line, cells }) => ({ line, cells: cells.map(([, value]) => value) })),
        ).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('with a quote that is never closed keeps the rows before it, and names the line of the quote', async () => {
    const source = await readCsv(Buffer.from('a,b\n1,2\n3,"4\n5,6\n'))

    expect(source.rows.map(({ line }) => line)).toEqual([2])
    expect(source.issues).toMatchObject([{ code: 'unreadable', line: 3, index: null }])
  })

  test('tells rows that are longer or shorter than the header', async () => {
    const source = await readCsv(Buffer.from('a,b\n1,2,3\n1\n1,2,\n'))

    expect(source.issues.map(({ index, line, code }) => ({ index, line, code }))).toEqual([
      { index: 0, line: 2, code: 'cell_count' },
      { index: 1, line: 3, code: 'cell_count' },
    ])
  })
})

describe('bytes', () => {
  test.each([
    ['UTF-16', Buffer.from('\ufeffa,b', 'utf16le'), /UTF-16/],
    ['a workbook', Buffer.from([0x50, 0x4b, 0x03, 0x04, 1]), /Excel/],
    ['Latin-1', Buffer.from([0x61, 0x0a, 0xe9, 0x62]), /line 2/],
    ['zero bytes', Buffer.from('a\n\0b'), /zero byte/],
  ])('of %s are refused by name', async (_name, bytes, message) => {
    const decoded = await decodeSource(bytes)

    expect(decoded).toMatchObject({ issue: { code: 'unreadable', message: expect.stringMatching(message) } })
  })

  test('with a byte order mark or packed are the text alone', async () => {
    const marked = await decodeSource(Buffer.from('\ufeffname\n'))
    const packed = await decodeSource(gzipSync('name\n'))

    expect([marked, packed].map((one) => 'text' in one && one.text.toString())).toEqual(['name\n', 'name\n'])
  })

  test('that unpack to more than a file may have are refused without being unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(110_000_000, 0x61))

    const decoded = await decodeSource(bomb)

    expect(decoded).toMatchObject({
      issue: { message: expect.stringContaining('more than 100000000 bytes') },
    })
  })
})

describe('a list of objects', () => {
  test('in JSON has the line of each, whatever is in its texts', () => {
    const text = '[\n  {"a": "}]{[\\"\\n"},\n\n  {"b": [1, {"c": 2}]}, {"d": 1},\n 5]'

    const source = readJsonSource(Buffer.from(text))

    expect(source.rows.map(({ line }) => line)).toEqual([2, 4, 4, 5])
    expect(source.issues).toMatchObject([{ index: 3, line: 5, message: 'An object is expected.' }])
  })

  test('in YAML has the line of each', async () => {
    const source = await readYamlSource(
      Buffer.from('# sites\n- name: a\n  slug: a\n\n- {name: b}\n- name: no\n'),
    )

    expect(source.rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
      [2, ['name', 'a']],
      [5, ['name', 'b']],
      [6, ['name', 'no']],
    ])
  })

  test('in YAML that multiplies itself is refused', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `l${at + 1}: &l${at + 1} [${'*l'.concat(String(at), ', ').repeat(9)}]`,
    )

    const source = await readYamlSource(
      Buffer.from(`- l0: &l0 x\n${levels.map((line) => `  ${line}\n`).join('')}`),
    )

    expect(source.issues).toMatchObject([{ code: 'unreadable' }])
  })
})
