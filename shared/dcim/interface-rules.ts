import type { Issue } from '../errors.ts'
import type { GuardOf, Refs, Row } from '../model/define.ts'

/** How an interface carries VLANs. NetBox's words, and `layer-3` for routed ports. */
export const interfaceModes = {
  access: 'Access',
  tagged: 'Tagged',
  'tagged-all': 'Tagged (all)',
  hybrid: 'Hybrid',
  'layer-3': 'Layer 3',
} as const

/** At most one primary interface per device or virtual machine. */
export const primaryGuard =
  (owner: string) =>
  (row: Row): GuardOf[] =>
    row['is_primary'] === true
      ? [
          {
            name: 'primary',
            values: [Number(row[owner])],
            field: 'is_primary',
            message: 'Another interface is the primary one already.',
          },
        ]
      : []

/** Parents, bridges and aggregates are interfaces of the same device; an aggregate is of the type LAG. */
export function checkInterface(row: Row, refs: Refs): Issue[] {
  const issues: Issue[] = vlanIssues(row, refs, refs['device']?.['site'] ?? null)
  for (const name of ['parent', 'bridge', 'lag'] as const) {
    const other = refs[name]
    if (other === undefined) continue
    if (other['device'] !== row['device'])
      issues.push({ path: name, message: 'This is an interface of another device.' })
    if (other.id === row.id) issues.push({ path: name, message: 'An interface cannot refer to itself here.' })
  }
  const { lag } = refs
  if (lag !== undefined && lag['type'] !== 'lag')
    issues.push({ path: 'lag', message: 'An aggregate must be an interface of the type "lag".' })
  if (lag !== undefined && row['type'] === 'lag')
    issues.push({ path: 'lag', message: 'An aggregate cannot be a member of another one.' })
  if (lag !== undefined && row['type'] === 'virtual')
    issues.push({ path: 'lag', message: 'A virtual interface cannot be a member of an aggregate.' })
  return issues
}

/** VLANs need a mode that carries them, and the untagged one is of the host's site or of none. */
export function vlanIssues({ mode, tagged_vlans }: Row, refs: Refs, site: unknown): Issue[] {
  const issues: Issue[] = []
  const hasTagged = Array.isArray(tagged_vlans) && tagged_vlans.length > 0
  const untagged = refs['untagged_vlan']
  const carries = mode !== null && mode !== 'layer-3'
  if (untagged !== undefined && !carries)
    issues.push({ path: 'untagged_vlan', message: 'An untagged VLAN needs a switching mode.' })
  if (hasTagged && mode !== 'tagged' && mode !== 'hybrid')
    issues.push({ path: 'tagged_vlans', message: 'Tagged VLANs need the mode "tagged" or "hybrid".' })
  const vlanSite = untagged?.['site'] ?? null
  if (vlanSite !== null && site !== null && vlanSite !== site)
    issues.push({ path: 'untagged_vlan', message: 'This is a VLAN of another site.' })
  return issues
}
