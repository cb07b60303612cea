import type * as z from 'zod'
import type { Engine } from '../../model/engine.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import type { DiffRow } from './diff.ts'
import type { ShownDiff } from './diff-routes.ts'
import { lineTest } from './noise.ts'
import { readNoiseRules } from './noise-patterns.ts'
import { noiseRulesFor } from './noise-rules.ts'
import type { TargetedDevice } from '../runs/plan.ts'
import type { ConfigVersion } from '../records.ts'

type Side = { device: TargetedDevice; version: ConfigVersion }
type Hunks = z.input<typeof ShownDiff>['hunks']

/** Marks the lines that differ and mean nothing, each by the rules of its own device. */
export async function markNoise(
  engine: Engine,
  sides: { left: Side; right: Side },
  hunks: readonly (readonly DiffRow[])[],
): Promise<Hunks> {
  const rules = await readNoiseRules(engine)
  const testOf = ({ device, version }: Side) =>
    lineTest(
      findPlatform(version.deviceType),
      noiseRulesFor(device, rules).map(({ pattern }) => pattern),
    )
  const [left, right] = await Promise.all([testOf(sides.left), testOf(sides.right)])
  const mark = (row: DiffRow, side: 'left' | 'right', test: (line: string) => boolean) => {
    const line = row[side]
    return line === null ? null : { ...line, insignificant: row.kind !== 'same' && test(line.text) }
  }
  return hunks.map((rows) =>
    rows.map((row) => ({ ...row, left: mark(row, 'left', left), right: mark(row, 'right', right) })),
  )
}
