import { redactAgain } from '../../collect/redact.ts'
import { mapAhead } from '../../concurrency.ts'
import type { ObjectStore } from '../../objects.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { ConfigVersion } from '../records.ts'
import { excerptOf } from './excerpt.ts'
import type { Found, Gathering } from './gathering.ts'
import { withoutRules } from './index-configs.ts'
import type { Pattern } from './pattern.ts'
import { splitLines } from './shard-format.ts'

export type HistorySearch = {
  pattern: Pattern
  devices: ReadonlySet<number>
  context: number
  lines: number
  /** Collected in this time, ISO 8601. */
  since: string | undefined
  until: string | undefined
  /** Goes on behind this version of this device. */
  after: { deviceId: number; sequence: number } | undefined
}

const StoredText = ConfigVersion.pick({
  deviceId: true,
  sequence: true,
  collectedAt: true,
  deviceType: true,
  textKey: true,
})
type StoredText = {
  deviceId: number
  sequence: number
  collectedAt: string
  deviceType: string
  textKey: string
}

const devicesAhead = 8
const textsAhead = 16

/**
 * Searches the stored versions: device by device, of each the newest first. There is no index of the past: every text
 * is read, so filters of devices and a range of time are what makes it short.
 */
export async function searchHistory(
  stores: { table: Table; archive: ObjectStore },
  search: HistorySearch,
  gathering: Gathering,
): Promise<void> {
  const texts = mapAhead(versionsOf(stores.table, search), textsAhead, async (version) => ({
    version,
    bytes: await stores.archive.get(version.textKey),
  }))
  let lastDevice = 0
  let test = search.pattern.test
  for await (const { version, bytes } of texts) {
    // Versions of one device share most of their lines.
    if (version.deviceId !== lastDevice) test = remembering(search.pattern)
    lastDevice = version.deviceId
    // A version that was removed meanwhile.
    const found = bytes === undefined ? undefined : searchText(search, { version, bytes, test })
    if (gathering.take(`h.${version.deviceId}.${version.sequence}`, found)) return
  }
}

async function* versionsOf(table: Table, search: HistorySearch): AsyncIterable<StoredText> {
  const { after, since = '', until = '~' } = search
  const ids = [...search.devices].filter((id) => id >= (after?.deviceId ?? 0)).sort((a, b) => a - b)
  const lists = mapAhead(ids, devicesAhead, (id) =>
    Array.fromAsync(
      table.query(StoredText, {
        partition: keys.configVersions(id),
        newestFirst: true,
        attributes: Object.keys(StoredText.shape),
      }),
    ),
  )
  for await (const versions of lists)
    for (const version of versions) {
      const isBefore = after?.deviceId === version.deviceId && version.sequence >= after.sequence
      if (!isBefore && version.collectedAt >= since && version.collectedAt <= until) yield version
    }
}

function searchText(
  { pattern, context, lines: shown }: HistorySearch,
  { version, bytes, test }: { version: StoredText; bytes: Uint8Array; test: Pattern['test'] },
): Found | undefined {
  const stored = new TextDecoder().decode(bytes)
  if (!splitLines(stored).some(test)) return undefined
  // What has a match goes through the rules of today: a secret that those of its day left in is not found either.
  const rules = findPlatform(version.deviceType) ?? withoutRules
  const lines = splitLines(redactAgain(rules, stored))
  const hits = lines.flatMap((line, index) => (test(line) ? [index] : []))
  if (hits.length === 0) return undefined
  const text = { lineCount: lines.length, lineOf: (index: number) => lines[index] ?? '' }
  const { deviceId, sequence, collectedAt } = version
  const excerpt = excerptOf(pattern, text, hits.slice(0, shown), context)
  return { deviceId, sequence, collectedAt, count: hits.length, ...excerpt }
}

function remembering(pattern: Pattern): Pattern['test'] {
  if (pattern.next !== undefined) return pattern.test
  const known = new Map<string, boolean>()
  return (line) => {
    const before = known.get(line)
    if (before !== undefined) return before
    const answer = pattern.test(line)
    known.set(line, answer)
    return answer
  }
}
