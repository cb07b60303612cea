import type { Issue } from '../errors.ts'
import type { Row, RuleDraft } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import type { Item, Write } from '../table/table.ts'
import { spanOf, type Span } from './addresses.ts'
import { askForSpan, spanItem, type Ask } from './disjoint-spans.ts'
import { storedAddress, vrfName } from './families.ts'

type Fence = { issues: Issue[]; writes: Write[] }
type AskOf = (row: Row) => Ask

const askOfAggregate: AskOf = (row) => {
  const network = storedAddress(row['prefix'])
  return { space: 'aggregate', family: network.family, span: spanOf(network), id: row.id }
}

const askOfRange: AskOf = (row) => {
  const first = storedAddress(row['start_address'])
  const last = storedAddress(row['end_address'])
  const span = { first: first.value, last: last.value }
  return { space: `range#${vrfName(row['vrf'])}`, family: first.family, span, id: row.id }
}

export const aggregateItems = (row: Row): Item[] => [spanItem(askOfAggregate(row))]
export const rangeItems = (row: Row): Item[] => [spanItem(askOfRange(row))]

/** Aggregates never overlap. */
export const claimAggregates = (engine: Engine, drafts: readonly RuleDraft[]): Promise<Fence[]> =>
  claim(engine, drafts, { askOf: askOfAggregate, path: 'prefix', describe: describeAggregate })

/** Ranges of one VRF never overlap. */
export const claimRanges = (engine: Engine, drafts: readonly RuleDraft[]): Promise<Fence[]> =>
  claim(engine, drafts, { askOf: askOfRange, path: 'start_address', describe: describeRange })

const describeAggregate = (id: number): string => `Aggregates cannot overlap: aggregate ${id} lies here.`
const describeRange = (id: number): string => `Ranges of a VRF cannot overlap: IP range ${id} lies here.`

type Claiming = { askOf: AskOf; path: string; describe: (id: number) => string }

async function claim(
  engine: Engine,
  drafts: readonly RuleDraft[],
  { askOf, path, describe }: Claiming,
): Promise<Fence[]> {
  const fences: Fence[] = []
  const asked: Ask[] = []
  for (const { before, after } of drafts) {
    const ask = askOf(after)
    const isSame = before !== undefined && isSameAsk(askOf(before), ask)
    const twin = asked.find((other) => other.space === ask.space && overlaps(other, ask))
    asked.push(ask)
    if (isSame) fences.push({ issues: [], writes: [] })
    else if (twin !== undefined)
      fences.push({ issues: [{ path, message: 'Another row of this request overlaps it.' }], writes: [] })
    else {
      const answer = await askForSpan(engine, ask)
      if ('writes' in answer) fences.push({ issues: [], writes: answer.writes })
      else fences.push({ issues: [{ path, message: describe(answer.takenBy) }], writes: [] })
    }
  }
  return fences
}

const isSameAsk = (a: Ask, b: Ask): boolean =>
  a.space === b.space && a.family === b.family && isSameSpan(a.span, b.span)
const isSameSpan = (a: Span, b: Span): boolean => a.first === b.first && a.last === b.last
const overlaps = (a: Ask, b: Ask): boolean =>
  a.family === b.family && a.span.first <= b.span.last && b.span.first <= a.span.last
