import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { operations } from '../../shared/ipam/operations.ts'
import type { Asked } from '../../shared/ipam/give.ts'
import type { Engine } from '../../shared/model/engine.ts'
import { AppError } from '../../shared/errors.ts'
import { createRows } from '../../shared/model/records.ts'
import { actor } from './engine.ts'

const caller: Asked['caller'] = { ...actor, userId: 1, tokenId: 1, writeEnabled: true, can: () => true }

/** What an operation of IPAM is asked with, as its handler would. */
export const askedWith = (path: string, body: unknown, key?: string): Asked => ({
  caller,
  body,
  request: {
    method: 'POST',
    path,
    query: new Map(),
    headers: key === undefined ? {} : { 'idempotency-key': key },
    body: new Uint8Array(),
    links: { origin: 'http://netkeep.test', pluginArea: undefined },
    requestId: actor.requestId,
    sourceAddress: '192.0.2.1',
  },
})

export type Kind = 'addresses' | 'prefixes' | 'vlans'
type Shown = Record<string, unknown> & { id: number }

/** What is given out of what: 65,534 addresses of a /16, 65,536 prefixes /24 of a /8, 4,094 VLANs of a group. */
const kinds = {
  addresses: {
    parent: (engine: Engine) => makeParent(engine, 'ipam.prefix', { prefix: '10.0.0.0/16' }),
    body: () => ({}),
    give: operations.giveFromPrefix,
    path: 'available-ips',
    field: 'address',
  },
  prefixes: {
    parent: (engine: Engine) => makeParent(engine, 'ipam.prefix', { prefix: '10.0.0.0/8' }),
    body: () => ({ prefix_length: 24 }),
    give: operations.givePrefixes,
    path: 'available-prefixes',
    field: 'prefix',
  },
  vlans: {
    parent: (engine: Engine) => makeParent(engine, 'ipam.vlangroup', { name: 'all', slug: 'all' }),
    body: (index: number) => ({ name: `v${index}` }),
    give: operations.giveVlans,
    path: 'available-vlans',
    field: 'vid',
  },
} as const

async function makeParent(engine: Engine, name: string, values: Record<string, unknown>): Promise<number> {
  const model = engine.registry.get(name)
  const [row] = await createRows(engine, model, [values as Record<string, never>], { actor })
  return row?.id ?? 0
}

export type Race = {
  kind: Kind
  callers: number
  each: number
  parent: number
  /** How often each request is sent at once (default: twice). */
  copies?: 1 | 2
}
export type Outcome = {
  /** What was given out, by caller; both copies of a request answered the same. */
  given: unknown[]
  /** The answer to each caller as JSON; undefined where its call failed. */
  answers: (string | undefined)[]
  /** Codes of the calls that failed. */
  failures: Record<string, number>
  /** Requests whose two copies were answered differently. */
  different: number
  /** Milliseconds of each call. */
  durations: number[]
}

export const parentFor = (engine: Engine, kind: Kind): Promise<number> => kinds[kind].parent(engine)

/** Every caller asks for `each` at once, and sends the same request a second time at the same moment. */
export async function raceFor(engines: readonly Engine[], race: Race): Promise<Outcome> {
  const { kind, callers, each, parent, copies = 2 } = race
  const { body, give, path, field } = kinds[kind]
  const outcome: Outcome = { given: [], answers: [], failures: {}, different: 0, durations: [] }
  const call = async (number: number, copy: number): Promise<unknown[] | undefined> => {
    const members = Array.from({ length: each }, (_, index) => body(number * each + index))
    const engine = engines[(number + copy) % engines.length]
    if (engine === undefined) return undefined
    const startedMs = performance.now()
    try {
      const asked = askedWith(`/api/ipam/x/${parent}/${path}/`, members, `caller-${number}`)
      const rows = (await give(engine, { id: parent }, asked)) as Shown[]
      return rows.map((row) => row[field])
    } catch (cause) {
      const code = cause instanceof AppError ? cause.code : String(cause)
      outcome.failures[code] = (outcome.failures[code] ?? 0) + 1
      return undefined
    } finally {
      outcome.durations.push(performance.now() - startedMs)
    }
  }
  const given = await Promise.all(
    Array.from({ length: callers }, async (_, number) => {
      const second = copies === 2 ? call(number, 1) : undefined
      const [first, again] = await Promise.all([call(number, 0), second])
      if (second !== undefined && JSON.stringify(first) !== JSON.stringify(again)) outcome.different += 1
      return first ?? again ?? []
    }),
  )
  outcome.given = given.flat()
  outcome.answers = given.map((one) => (one.length === 0 ? undefined : JSON.stringify(one)))
  return outcome
}

/**
 * Makes the table's service answer badly: throttling before a write, and failures after it was applied.
 * @param share of the calls, from 0 to 1; @param random a number from 0 to below 1.
 */
export function makeHostile(client: DynamoDBDocumentClient, share: number, random: () => number): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const draw = random()
      if (draw < share / 2) throw named('ThrottlingException')
      const answer = await next(args)
      if (draw < share) throw named('InternalServerError')
      return answer
    },
    { step: 'initialize', name: 'makeHostile', priority: 'high' },
  )
}

const named = (name: string): Error => Object.assign(new Error(name), { name })
