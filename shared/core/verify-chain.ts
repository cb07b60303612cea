import { Change } from '../model/change.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { blockHash, digestOf, genesis, logShard, SealedBlock, SealedHead } from './seal.ts'

type ChainFault = { sequence: number; what: string }
export type ChainReport = { blocks: number; changes: number; head: string; faults: ChainFault[] }

/** More faults than this are not listed: the log is broken anyway. */
const faultsMax = 1000

/**
 * Walks the sealed log from its first block: numbers without a gap, each hash from its content and the block before,
 * each change record as it was when it was sealed, and the head where the last block is.
 */
export async function verifyChain(table: Table): Promise<ChainReport> {
  const report: ChainReport = { blocks: 0, changes: 0, head: genesis, faults: [] }
  const fault = (sequence: number, what: string): void => {
    if (report.faults.length < faultsMax) report.faults.push({ sequence, what })
  }
  let expected = 1
  for await (const block of table.query(SealedBlock, { partition: keys.sealedBlocks(logShard) })) {
    if (block.sequence !== expected)
      fault(expected, `block ${expected} is missing: ${block.sequence} follows`)
    if (block.previous !== report.head) fault(block.sequence, 'does not continue the block before')
    if (blockHash(block) !== block.hash) fault(block.sequence, 'its content does not give its hash')
    for (const what of await entryFaults(table, block)) fault(block.sequence, what)
    report.blocks += 1
    report.changes += block.entries.length
    report.head = block.hash
    expected = block.sequence + 1
  }
  const head = await table.get(SealedHead, keys.sealedHead(logShard))
  if ((head?.sequence ?? 0) !== expected - 1 || (head?.hash ?? genesis) !== report.head) {
    fault(expected - 1, 'the head is not the last block')
  }
  return report
}

async function entryFaults(table: Table, { entries }: SealedBlock): Promise<string[]> {
  const changes = await table.getMany(Change, entries)
  return entries.flatMap(({ pk, sk, sha256 }, index) => {
    const change = changes[index]
    if (change === undefined) return [`change ${pk} ${sk} is gone`]
    return digestOf(change) === sha256 ? [] : [`change ${pk} ${sk} was altered`]
  })
}
