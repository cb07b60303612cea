import { preferredAddress } from '../dcim/device-rules.ts'
import { vlanIssues } from '../dcim/interface-rules.ts'
import type { Issue } from '../errors.ts'
import type { Refs, Row } from '../model/define.ts'

/** A machine is where its cluster is, and in the cluster of the device it runs on. */
export function deriveVirtualMachine(machine: Row, { cluster, device }: Refs): Record<string, unknown> {
  const ofDevice = machine['cluster'] === null ? (device?.['cluster'] ?? null) : machine['cluster']
  return {
    cluster: ofDevice,
    site: machine['site'] ?? cluster?.['site'] ?? device?.['site'] ?? null,
    primary_ip: preferredAddress(machine),
  }
}

export function checkVirtualMachine(machine: Row, { cluster, device }: Refs): Issue[] {
  const issues: Issue[] = []
  const complain = (path: string, message: string): void => {
    issues.push({ path, message })
  }
  if (machine['site'] === null && cluster === undefined)
    complain('cluster', 'A virtual machine needs a cluster or a site.')
  const clusterSite = cluster?.['site'] ?? null
  if (clusterSite !== null && clusterSite !== machine['site'])
    complain('cluster', 'The cluster belongs to another site.')
  if (device !== undefined && device['cluster'] !== machine['cluster'])
    complain('device', 'The device is not a member of the cluster.')
  return issues
}

/** Parents and bridges are interfaces of the same machine. */
export function checkVmInterface(row: Row, refs: Refs): Issue[] {
  const others = (['parent', 'bridge'] as const).flatMap((name) => {
    const other = refs[name]
    if (other === undefined) return []
    if (other.id === row.id) return [{ path: name, message: 'An interface cannot refer to itself here.' }]
    return other['virtual_machine'] === row['virtual_machine']
      ? []
      : [{ path: name, message: 'This is an interface of another virtual machine.' }]
  })
  return [...others, ...vlanIssues(row, refs, refs['virtual_machine']?.['site'] ?? null)]
}
