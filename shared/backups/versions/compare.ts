import type * as z from 'zod'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { readTargeted, readText } from '../device-records.ts'
import { diffConfigs, hunksOf, unifiedDiff } from './diff.ts'
import type { ConfigVersion } from '../records.ts'
import type { diffRoutes, ShownDiff } from './diff-routes.ts'

type Side = { device: number; version: number | 'latest' | 'previous' }
type Asked = z.output<(typeof diffRoutes)['diff']['query']>
type Stores = { engine: Engine; archive: ObjectStore }

type Loaded = { device: Awaited<ReturnType<typeof readTargeted>>; version: ConfigVersion; text: string }

/** Without a left device both are of the right one; of two devices, the newest ones are compared. */
export function sidesOf(asked: Asked): { left: Side; right: Side } {
  const left = asked.left_device ?? asked.right_device
  const isOther = left !== asked.right_device
  const version = isOther && asked.left_version === 'previous' ? 'latest' : asked.left_version
  return {
    left: { device: left, version },
    right: { device: asked.right_device, version: asked.right_version },
  }
}

/**
 * Any two stored configurations beside each other: two versions of one device, or those of two devices.
 * `previous` on the left is the version before the right one.
 * @throws AppError `not_found`; `too_large` for texts that no answer holds.
 */
export async function compareConfigs(
  stores: Stores,
  sides: { left: Side; right: Side },
  shown: { context: number; volatile: boolean },
): Promise<z.input<typeof ShownDiff>> {
  const right = await load(stores, sides.right, undefined)
  const left = await load(stores, sides.left, right.version.sequence)
  const diff = diffConfigs(sideOf(left, shown.volatile), sideOf(right, shown.volatile))
  // The platforms come with it: nothing else of a start needs them.
  const { markNoise } = await import('./mark-noise.ts')
  const names = { left: nameOf(left), right: nameOf(right) }
  return {
    left: describe(left),
    right: describe(right),
    identical: left.version.sha256 === right.version.sha256,
    added: diff.added,
    removed: diff.removed,
    unified: unifiedDiff(names, diff.rows, shown.context),
    hunks: await markNoise(stores.engine, { left, right }, hunksOf(diff.rows, shown.context)),
  }
}

async function load(stores: Stores, side: Side, rightSequence: number | undefined): Promise<Loaded> {
  const { table } = stores.engine
  const device = await readTargeted(stores.engine, side.device)
  const wanted = side.version === 'previous' ? before(rightSequence ?? 0) : side.version
  const { text, stored } = await readText({ table, archive: stores.archive }, side.device, wanted)
  return { device, version: stored, text: new TextDecoder().decode(text) }
}

/** None has the number 0: before the first one come those of an imported history. */
const before = (sequence: number): number => (sequence === 1 ? -1 : sequence - 1)

const sideOf = ({ text, version }: Loaded, volatile: boolean) => ({
  text,
  volatile: volatile ? (version.volatile ?? []) : [],
})

const nameOf = ({ version }: Loaded): string => `${version.path}\t${version.collectedAt}`

const describe = ({ device: { id, name }, version }: Loaded) => ({
  device: { id, name },
  version: version.sequence,
  collected: version.collectedAt,
  run: version.runId,
  sha256: version.sha256,
})
