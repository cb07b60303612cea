import { AppError } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import { urlOf, type Links } from '../model/output.ts'
import { displayOf, publicRow } from '../model/rows.ts'
import { addressOf } from './addresses.ts'
import { addressSpace } from './address-rules.ts'
import { addressAllocation, sourceOfPrefix, sourceOfRange, type AddressSource } from './allocate-addresses.ts'
import { asnSource, numberAllocation, vlanSource, type NumberSource } from './allocate-numbers.ts'
import { lengthProblem, prefixAllocation } from './allocate-prefixes.ts'
import { chooseNumbers } from './choose-numbers.ts'
import { storedAddress } from './families.ts'
import { give, type Asked } from './give.ts'
import { noClaims } from './in-flight.ts'
import { readOne } from './read-one.ts'
import { freeMax } from './routes.ts'
import { freePrefixesOf } from './tree-reads.ts'
import { readWanted } from './wanted.ts'

type Id = { id: number }
type Body = Record<string, unknown> | Record<string, unknown>[]

const atMost = (limit: number): number => (limit === 0 ? freeMax : Math.min(limit, freeMax))

/** A nested object as a list of free things shows it. */
async function nested(engine: Engine, links: Links, name: string, id: unknown) {
  if (typeof id !== 'number') return null
  const model = engine.registry.get(name)
  const row = publicRow(model, await readOne(engine, name, id))
  const named = ['name', 'slug', 'rd'].filter((field) => Object.hasOwn(model.fields, field))
  return {
    id,
    url: urlOf(links, model, id),
    display: displayOf(model, row),
    ...Object.fromEntries(named.map((field) => [field, row[field]])),
  }
}

async function freeAddresses(
  engine: Engine,
  source: AddressSource,
  { limit, links }: { limit: number; links: Links },
) {
  const { family, vrf, spans, length } = source
  const space = addressSpace(vrf, family)
  const wanted = { space, spans, count: atMost(limit), strategy: 'first', level: 0, claim: noClaims } as const
  const numbers = await chooseNumbers(engine, wanted)
  const shownVrf = await nested(engine, links, 'ipam.vrf', vrf)
  return numbers.map((number) => ({
    family,
    address: addressOf(family, number, length).text,
    vrf: shownVrf,
  }))
}

const giveAddresses = (engine: Engine, asked: Asked, source: AddressSource) => {
  const wanted = readWanted(asked.body as Body)
  return give(engine, asked, wanted, addressAllocation(engine, source, wanted))
}

async function freeNumbers(engine: Engine, { space, spans }: NumberSource, limit: number): Promise<number[]> {
  const wanted = { space, spans, count: atMost(limit), strategy: 'first', level: 0, claim: noClaims } as const
  return (await chooseNumbers(engine, wanted)).map(Number)
}

const giveNumbers = (engine: Engine, asked: Asked, source: NumberSource) => {
  const wanted = readWanted(asked.body as Body)
  return give(engine, asked, wanted, numberAllocation(engine, source, wanted))
}

/** What is free, and giving it out: of prefixes, ranges, VLAN groups and ranges of AS numbers. */
export const operations = {
  freeOfPrefix: async (engine: Engine, { id }: Id, ask: { limit: number; links: Links }) =>
    freeAddresses(engine, await sourceOfPrefix(engine, await readOne(engine, 'ipam.prefix', id)), ask),

  freeOfRange: async (engine: Engine, { id }: Id, ask: { limit: number; links: Links }) =>
    freeAddresses(engine, sourceOfRange(await readOne(engine, 'ipam.iprange', id)), ask),

  giveFromPrefix: async (engine: Engine, { id }: Id, asked: Asked) =>
    giveAddresses(engine, asked, await sourceOfPrefix(engine, await readOne(engine, 'ipam.prefix', id))),

  giveFromRange: async (engine: Engine, { id }: Id, asked: Asked) =>
    giveAddresses(engine, asked, sourceOfRange(await readOne(engine, 'ipam.iprange', id))),

  freePrefixes: async (engine: Engine, { id }: Id, { limit, links }: { limit: number; links: Links }) => {
    const prefix = await readOne(engine, 'ipam.prefix', id)
    const vrf = await nested(engine, links, 'ipam.vrf', prefix['vrf'])
    const { family } = storedAddress(prefix['prefix'])
    const texts = await freePrefixesOf(engine, prefix, atMost(limit))
    return texts.map((text) => ({ family, prefix: text, vrf }))
  },

  givePrefixes: async (engine: Engine, { id }: Id, asked: Asked) => {
    const parent = await readOne(engine, 'ipam.prefix', id)
    const wanted = readWanted(asked.body as Body, { needsLength: true })
    const network = storedAddress(parent['prefix'])
    const message = wanted.lengths.map((length) => lengthProblem(network, length)).find(Boolean)
    if (message !== undefined)
      throw new AppError('validation_failed', undefined, { issues: [{ path: 'prefix_length', message }] })
    return give(engine, asked, wanted, prefixAllocation(engine, parent, wanted))
  },

  freeVlans: async (engine: Engine, { id }: Id, { limit, links }: { limit: number; links: Links }) => {
    const source = vlanSource(await readOne(engine, 'ipam.vlangroup', id))
    const group = await nested(engine, links, 'ipam.vlangroup', id)
    return (await freeNumbers(engine, source, limit)).map((vid) => ({ vid, group }))
  },

  giveVlans: async (engine: Engine, { id }: Id, asked: Asked) =>
    giveNumbers(engine, asked, vlanSource(await readOne(engine, 'ipam.vlangroup', id))),

  freeAsns: async (engine: Engine, { id }: Id, { limit, links }: { limit: number; links: Links }) => {
    const range = await readOne(engine, 'ipam.asnrange', id)
    const rir = await nested(engine, links, 'ipam.rir', range['rir'])
    return (await freeNumbers(engine, asnSource(range), limit)).map((asn) => ({ asn, rir }))
  },

  giveAsns: async (engine: Engine, { id }: Id, asked: Asked) =>
    giveNumbers(engine, asked, asnSource(await readOne(engine, 'ipam.asnrange', id))),
}
