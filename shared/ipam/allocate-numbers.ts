import type { Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import type { Span } from './addresses.ts'
import type { Allocation } from './allocate.ts'
import { asnSpace } from './asn-rules.ts'
import { blockOfText, chooseNumbers, type Strategy } from './choose-numbers.ts'
import { occupantItem } from './number-space.ts'
import { vidSpans, vlanSpace } from './vlan-rules.ts'

/** Where plain numbers are given out. */
export type NumberSource = {
  model: 'ipam.vlan' | 'ipam.asn'
  space: string
  spans: readonly Span[]
  field: 'vid' | 'asn'
  /** What every row gets beside its number. */
  values: Readonly<Record<string, unknown>>
  what: string
}

export const vlanSource = (group: Row): NumberSource => ({
  model: 'ipam.vlan',
  space: vlanSpace(group.id),
  spans: vidSpans(group),
  field: 'vid',
  values: { group: group.id },
  what: `Not enough VLAN ids are available within ${String(group['name'])}`,
})

export const asnSource = (range: Row): NumberSource => ({
  model: 'ipam.asn',
  space: asnSpace,
  spans: [{ first: BigInt(Number(range['start'])), last: BigInt(Number(range['end'])) }],
  field: 'asn',
  values: { rir: range['rir'] },
  what: `Not enough AS numbers are available within ${String(range['name'])}`,
})

/** Gives numbers out: each body is one that is wanted. */
export function numberAllocation(
  engine: Engine,
  { model, space, spans, field, values, what }: NumberSource,
  { bodies, strategy }: { bodies: readonly Record<string, unknown>[]; strategy: Strategy },
): Allocation<bigint> {
  return {
    model: engine.registry.get(model),
    bodies,
    field,
    space,
    what,
    choose: ({ count, level, claim, isCrowded }) =>
      chooseNumbers(engine, { space, spans, count, strategy, level, claim, isCrowded }),
    textOf: String,
    groupOf: blockOfText,
    holdItem: (number, { id, until, version }) => ({ ...occupantItem(space, number, id, until), version }),
    valuesOf: (number) => ({ ...values, [field]: Number(number) }),
  }
}
