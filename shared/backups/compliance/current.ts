import { createHash } from 'node:crypto'
import { device } from '../../dcim/models/device.ts'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { meets } from '../access/access.ts'
import { complianceException } from '../models/compliance-exception.ts'
import { complianceRule } from '../models/compliance-rule.ts'
import type { PlannedDevice } from '../runs/plan.ts'
import type { RuleList } from './records.ts'

/** Rules, exceptions and devices as they are now, from the catalogs. */

export type Rule = RowOf<typeof complianceRule>
export type Exception = RowOf<typeof complianceException>
export type CheckedDevice = Pick<PlannedDevice, 'id' | 'name' | 'platformId' | 'tagIds'> & {
  site: { id: number }
}

/** Another number where the same rule would find something else in the same text: all is evaluated anew. */
const evaluation = 1

/** Those that are enabled, in the order of their ids. */
export const readRules = async (engine: Pick<Engine, 'catalogs'>): Promise<Rule[]> =>
  [...(await rowsOf(engine, complianceRule)).values()]
    .filter(({ enabled }) => enabled)
    .sort((a, b) => a.id - b.id)

export function listOf(rules: readonly Rule[]): RuleList {
  const list = rules.map(({ id, version }): [number, number] => [id, version])
  const hash = createHash('sha256')
    .update(JSON.stringify([evaluation, list]))
    .digest('hex')
  return { hash: hash.slice(0, 24), rules: list }
}

export async function readDevices(engine: Pick<Engine, 'catalogs'>): Promise<CheckedDevice[]> {
  const rows = await rowsOf(engine, device)
  return [...rows.values()].map(({ id, name, site, platform, tags }) => ({
    id,
    name,
    site: { id: site },
    platformId: platform ?? undefined,
    tagIds: tags,
  }))
}

/** By rule and device; those that have run out count no more. */
export async function readExceptions(
  engine: Pick<Engine, 'catalogs'>,
  now: Date,
): Promise<(rule: number, device: number) => Exception | undefined> {
  const rows = await rowsOf(engine, complianceException)
  const valid = [...rows.values()].filter(
    ({ expires }) => expires === null || Date.parse(expires) > now.getTime(),
  )
  const byPlace = new Map(valid.map((row) => [`${row.rule}.${row.device}`, row]))
  return (rule, id) => byPlace.get(`${rule}.${id}`)
}

export const isChosen = (rule: Rule, one: Omit<CheckedDevice, 'id' | 'name'>): boolean => meets(one, rule)
