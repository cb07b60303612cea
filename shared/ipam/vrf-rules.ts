import { AppError, type Issue } from '../errors.ts'
import type { Row, RuleDraft, RuleTools, Written } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { updateRows } from '../model/records.ts'
import { hostOf, storedAddress } from './families.ts'
import { isSharedRole } from './statuses.ts'

/** How many duplicates a refusal names. */
const namedMax = 5

const comesToEnforce = ({ before, after }: Written): boolean =>
  before !== undefined && after?.['enforce_unique'] === true && before['enforce_unique'] !== true

/** A VRF comes to want unique prefixes and addresses only while it has no duplicates. */
export async function enforcementIssues(tools: RuleTools, drafts: readonly RuleDraft[]): Promise<Issue[][]> {
  return Promise.all(
    drafts.map(async (draft) => {
      const duplicates = comesToEnforce(draft) ? await duplicatesIn(tools, draft.after.id) : []
      return duplicates.length === 0 ? [] : [{ path: 'enforce_unique', message: refusal(duplicates) }]
    }),
  )
}

/**
 * From the commit on, every writer keeps to the new rule. A duplicate that was written between the look before and the
 * commit shows itself now, and the change is taken back.
 * @throws AppError `duplicate` naming them.
 */
export async function revertWhereDuplicate(
  engine: Engine,
  written: readonly Written[],
  options: WriteOptions,
): Promise<void> {
  for (const one of written.filter(comesToEnforce)) {
    const id = one.after?.id ?? 0
    const duplicates = await duplicatesIn(engine, id)
    if (duplicates.length === 0) continue
    await updateRows(
      engine,
      engine.registry.get('ipam.vrf'),
      [{ id, values: { enforce_unique: false } }],
      options,
    )
    const message = refusal(duplicates)
    throw new AppError('duplicate', message, { issues: [{ path: 'enforce_unique', message }] })
  }
}

function refusal(duplicates: readonly string[]): string {
  const more = duplicates.length > namedMax ? ` and ${duplicates.length - namedMax} more` : ''
  return `There is more than one ${duplicates.slice(0, namedMax).join(', ')}${more} in this VRF.`
}

async function duplicatesIn({ catalogs, registry }: RuleTools, vrfId: number): Promise<string[]> {
  const [prefixes, addresses] = await Promise.all(
    ['ipam.prefix', 'ipam.ipaddress'].map(async (name) => {
      const catalog = catalogs.of(registry.get(name))
      await catalog.refresh()
      return [...catalog.rows.values()].filter((row) => row['vrf'] === vrfId)
    }),
  )
  const byNetwork = Map.groupBy(prefixes ?? [], (row) => String(row['prefix']))
  const byHost = Map.groupBy(addresses ?? [], (row) => hostOf(storedAddress(row['address'])))
  return [
    ...repeated(byNetwork),
    ...repeated(new Map([...byHost].filter(([, rows]) => rows.some((row) => !isSharedRole(row['role']))))),
  ]
}

const repeated = (groups: ReadonlyMap<string, readonly Row[]>): string[] =>
  [...groups].filter(([, rows]) => rows.length > 1).map(([name]) => name)
