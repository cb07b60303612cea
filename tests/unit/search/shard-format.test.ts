import { array, assert, asyncProperty, constantFrom, integer, record, string, uniqueArray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeShard,
  encodeShard,
  lineAt,
  packShard,
  type Shard,
  type ShardEntry,
} from '../../../shared/backups/search/shard-format.ts'

const line = string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', '⏎'))
const shared = constantFrom('!', ' no shutdown', 'interface Vlan1', 'größe 東京 🛰', '')
const text = array(
  line.chain((own) => constantFrom(own, '!').chain((one) => shared.map((two) => one + two))),
  {
    maxLength: 30,
  },
).map((lines) => lines.map((one) => `${one}\n`).join(''))
const entry = record({ id: integer({ min: 1, max: 500 }), sequence: integer({ min: 1, max: 9 }), of: text })
const entries = uniqueArray(entry, { selector: ({ id }) => id, maxLength: 12 }).map((list) =>
  list.map((one): ShardEntry & { of: string } => ({ ...one, collectedAt: '2026-11-20T02:00:00.000Z' })),
)

const textsOf = (shard: Shard): Map<number, string> =>
  new Map(
    shard.devices.map(({ id, from, to }) => [
      id,
      [...shard.lineIds.subarray(from, to)].map((lineId) => `${lineAt(shard, lineId)}\n`).join(''),
    ]),
  )

describe('a shard', () => {
  test('gives back every text as it was, packed, as bytes and unpacked', async () => {
    await assert(
      asyncProperty(entries, async (given) => {
        const read = await decodeShard(await encodeShard(packShard(given)))

        const wanted = new Map(given.toSorted((a, b) => a.id - b.id).map(({ id, of }) => [id, of]))
        expect(read && textsOf(read)).toEqual(wanted)
      }),
    )
  })

  test('takes devices over from another one, and leaves behind lines that nobody has', async () => {
    await assert(
      asyncProperty(entries, entries, async (old, fresh) => {
        const before = packShard(old)
        const renewed = new Set(fresh.map(({ id }) => id))
        const kept = before.devices
          .filter(({ id }) => !renewed.has(id) && id % 3 !== 0)
          .map((device): ShardEntry => ({ ...device, of: { shard: before, device } }))

        const shard = packShard([...kept, ...fresh])

        const wanted = [...old.filter(({ id }) => kept.some((one) => one.id === id)), ...fresh]
        expect(textsOf(shard)).toEqual(
          new Map(wanted.toSorted((a, b) => a.id - b.id).map(({ id, of }) => [id, of])),
        )
        const lines = new Set(wanted.flatMap(({ of }) => (of === '' ? [] : of.slice(0, -1).split('\n'))))
        expect(shard.starts.length - 1).toBe(lines.size)
      }),
    )
  })

  test('of another format is none', async () => {
    const bytes = await encodeShard(packShard([]))
    const other = Buffer.from(
      Buffer.from(bytes).toString('latin1').replace('"format":1', '"format":2'),
      'latin1',
    )

    expect(await decodeShard(other)).toBeUndefined()
  })
})
