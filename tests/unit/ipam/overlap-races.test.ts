import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { parseNetwork, spanOf, type Span } from '../../../shared/ipam/addresses.ts'
import { operations } from '../../../shared/ipam/operations.ts'
import { countOf, joinSpans } from '../../../shared/ipam/spans.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows, getRow, updateRows } from '../../../shared/model/records.ts'
import { raceInProcess } from '../../support/allocating.ts'
import { askedWith } from '../../support/allocations.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

type Values = Record<string, unknown>

async function create(name: string, values: Values, engine = started.engine): Promise<number> {
  const model = engine.registry.get(name)
  const [row] = await createRows(engine, model, [values as Record<string, never>], { actor })
  return row?.id ?? 0
}

const codeOf = (cause: unknown): string => (cause instanceof AppError ? cause.code : String(cause))
const give = (id: number, body: unknown, engine = started.engine) =>
  operations.giveFromPrefix(engine, { id }, askedWith('/x', body)) as Promise<Values & { id: number }>

const spanOfText = (prefix: unknown): Span => {
  const network = parseNetwork(String(prefix))
  if (network === undefined) throw new Error(`no network: ${String(prefix)}`)
  return spanOf(network)
}

describe('what is taken at the same time', () => {
  test('are prefixes of any lengths that never overlap', async () => {
    const id = await create('ipam.prefix', { prefix: '10.0.0.0/16' })
    const engines = [started.engine, started.another()]
    const lengths = Array.from({ length: 60 }, (_, index) => 20 + (index % 9))

    const given = await Promise.all(
      lengths.map(async (prefix_length, index) => {
        const engine = engines[index % 2] ?? started.engine
        const asked = askedWith('/x', { prefix_length })
        return operations.givePrefixes(engine, { id }, asked).catch(codeOf)
      }),
    )

    const prefixes = given.filter((one) => typeof one === 'object').map((one) => (one as Values)['prefix'])
    const spans = prefixes.map(spanOfText)
    expect(given.filter((one) => typeof one === 'string' && one !== 'space_exhausted')).toEqual([])
    expect(prefixes.length).toBeGreaterThan(40)
    expect(countOf(joinSpans(spans))).toBe(countOf(spans))
  })

  test('are ranges of a VRF that never overlap, and at least one of those who ask for the same', async () => {
    const range = (first: number, last: number) =>
      create('ipam.iprange', { start_address: `10.9.0.${first}/24`, end_address: `10.9.0.${last}/24` })
        .then(() => [first, last] as const)
        .catch(codeOf)

    const made = await Promise.all([range(1, 50), range(40, 60), range(55, 90), range(1, 90), range(91, 99)])

    const spans = made.flatMap((one) =>
      typeof one === 'string' ? [] : [{ first: BigInt(one[0]), last: BigInt(one[1]) }],
    )
    expect(made.filter((one) => typeof one === 'string' && one !== 'validation_failed')).toEqual([])
    expect(countOf(joinSpans(spans))).toBe(countOf(spans))
    expect(spans.length).toBeGreaterThanOrEqual(2)
  })

  test('by two processes, each sending the same requests, is given out once and answered the same', async () => {
    const parent = await create('ipam.prefix', { prefix: '10.77.0.0/16' })
    const { name, endpoint } = started.served
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const where = { name, reached: { endpoint, region: 'eu-central-1', credentials } }
    const race = { kind: 'addresses', callers: 12, each: 5, parent } as const

    const reports = await Promise.all([1, 2].map(() => raceInProcess(race, where)))
    const [first, second] = reports.map(({ outcome }) => outcome)

    expect([first?.failures, second?.failures]).toEqual([{}, {}])
    expect(second?.given).toEqual(first?.given)
    expect(new Set(first?.given).size).toBe(60)
  })
})

describe('the first free address', () => {
  test('is the one that was given back, even in a block that was full', async () => {
    const id = await create('ipam.prefix', { prefix: '10.10.0.0/23', is_pool: true })
    const all = (await give(
      id,
      Array.from({ length: 300 }, () => ({})),
    )) as unknown as (Values & {
      id: number
    })[]
    const gone = all.find(({ address }) => address === '10.10.0.7/23')
    // Reads the first block as full, and notes it.
    await give(id, {})
    await deleteRows(started.engine, started.engine.registry.get('ipam.ipaddress'), [{ id: gone?.id ?? 0 }], {
      actor,
    })

    const next = [await give(id, {}, started.another()), await give(id, {})]

    expect(all).toHaveLength(300)
    expect(next.map(({ address }) => address)).toEqual(['10.10.0.7/23', '10.10.1.45/23'])
  })
})

describe('a VRF that comes to want unique addresses', () => {
  test('is refused while it has duplicates, which are named', async () => {
    const vrf = await create('ipam.vrf', { name: 'loose', enforce_unique: false })
    await create('ipam.ipaddress', { address: '10.0.0.1/24', vrf })
    const twin = await create('ipam.ipaddress', { address: '10.0.0.1/16', vrf })
    const model = started.engine.registry.get('ipam.vrf')
    const enforce = () =>
      updateRows(started.engine, model, [{ id: vrf, values: { enforce_unique: true } as never }], { actor })

    const refused = await enforce().catch((cause: unknown) => (cause instanceof AppError ? cause.issues : []))
    await deleteRows(started.engine, started.engine.registry.get('ipam.ipaddress'), [{ id: twin }], { actor })
    await enforce()
    const again = await create('ipam.ipaddress', { address: '10.0.0.1/30', vrf }).catch(codeOf)

    expect(refused).toEqual([
      { path: 'enforce_unique', message: 'There is more than one 10.0.0.1 in this VRF.' },
    ])
    expect(again).toBe('validation_failed')
  })

  test('ends without duplicates, however many write into it at that moment', async () => {
    const vrf = await create('ipam.vrf', { name: 'racing', enforce_unique: false })
    const model = started.engine.registry.get('ipam.vrf')
    const write = () => create('ipam.ipaddress', { address: '10.0.0.9/24', vrf }).catch(codeOf)

    const [first, second, , third] = await Promise.all([
      write(),
      write(),
      updateRows(started.engine, model, [{ id: vrf, values: { enforce_unique: true } as never }], {
        actor,
      }).catch(codeOf),
      write(),
    ])

    const row = await getRow(started.engine, model, vrf)
    const made = [first, second, third].filter((one) => typeof one === 'number')
    expect(row?.['enforce_unique'] === false || made.length === 1).toBe(true)
  })
})
