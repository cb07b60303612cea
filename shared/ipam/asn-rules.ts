import type { Issue } from '../errors.ts'
import type { Row, Written } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import type { Item } from '../table/table.ts'
import { freeBlocks, occupantItem } from './number-space.ts'

export const asnMax = 4_294_967_295
export const asnSpace = 'asn'

export const asnItems = ({ id, asn }: Row): Item[] => [occupantItem(asnSpace, BigInt(Number(asn)), id)]

export const freeAsns = ({ table }: Pick<Engine, 'table'>, written: readonly Written[]): Promise<void> =>
  freeBlocks(
    { table },
    written.flatMap(({ before, after }) =>
      before === undefined || before['asn'] === after?.['asn']
        ? []
        : [{ space: asnSpace, number: BigInt(Number(before['asn'])) }],
    ),
  )

export const checkAsnRange = ({ start, end }: Row): Issue[] =>
  Number(start) > Number(end) ? [{ path: 'end', message: 'It is below the start.' }] : []
