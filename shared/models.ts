import { aaaRealm } from './backups/models/aaa-realm.ts'
import { accessRule } from './backups/models/access-rule.ts'
import { complianceException } from './backups/models/compliance-exception.ts'
import { complianceRule } from './backups/models/compliance-rule.ts'
import { credential } from './backups/models/credential.ts'
import { gitRemote } from './backups/models/git-remote.ts'
import { jumpHost } from './backups/models/jump-host.ts'
import { mailServer } from './backups/models/mail-server.ts'
import { retentionPolicy } from './backups/models/retention-policy.ts'
import { maintenanceWindow } from './backups/models/maintenance-window.ts'
import { noiseRule } from './backups/models/noise-rule.ts'
import { reveal } from './backups/models/reveal.ts'
import { observation } from './backups/models/observation.ts'
import { run } from './backups/models/run.ts'
import { schedule } from './backups/models/schedule.ts'
import { subscription } from './backups/models/subscription.ts'
import { versionPin } from './backups/models/version-pin.ts'
import { circuitTermination } from './circuits/models/circuit-termination.ts'
import { circuitType } from './circuits/models/circuit-type.ts'
import { circuit } from './circuits/models/circuit.ts'
import { provider } from './circuits/models/provider.ts'
import { cardType } from './dcim/models/card-type.ts'
import { card } from './dcim/models/card.ts'
import { job } from './core/models/job.ts'
import { netboxSource } from './core/models/netbox-source.ts'
import { deviceRole } from './dcim/models/device-role.ts'
import { deviceType } from './dcim/models/device-type.ts'
import { device } from './dcim/models/device.ts'
import { networkInterface } from './dcim/models/interface.ts'
import { location } from './dcim/models/location.ts'
import { manufacturer } from './dcim/models/manufacturer.ts'
import { platform } from './dcim/models/platform.ts'
import { rackRole } from './dcim/models/rack-role.ts'
import { rack } from './dcim/models/rack.ts'
import { region } from './dcim/models/region.ts'
import { site } from './dcim/models/site.ts'
import { customFieldChoiceSet } from './extras/models/custom-field-choice-set.ts'
import { customField } from './extras/models/custom-field.ts'
import { journalEntry } from './extras/models/journal-entry.ts'
import { savedFilter } from './extras/models/saved-filter.ts'
import { tagRule } from './extras/models/tag-rule.ts'
import { tag } from './extras/models/tag.ts'
import { aggregate } from './ipam/models/aggregate.ts'
import { asnRange } from './ipam/models/asn-range.ts'
import { asn } from './ipam/models/asn.ts'
import { ipAddress } from './ipam/models/ip-address.ts'
import { ipRange } from './ipam/models/ip-range.ts'
import { prefix } from './ipam/models/prefix.ts'
import { rir } from './ipam/models/rir.ts'
import { role } from './ipam/models/role.ts'
import { routeTarget } from './ipam/models/route-target.ts'
import { vlanGroup } from './ipam/models/vlan-group.ts'
import { vlan } from './ipam/models/vlan.ts'
import { vrf } from './ipam/models/vrf.ts'
import { createRegistry } from './model/registry.ts'
import { contact } from './organization/models/contact.ts'
import { department } from './organization/models/department.ts'
import { group } from './users/models/group.ts'
import { token } from './users/models/token.ts'
import { user } from './users/models/user.ts'
import { clusterType } from './virtualization/models/cluster-type.ts'
import { cluster } from './virtualization/models/cluster.ts'
import { virtualMachine } from './virtualization/models/virtual-machine.ts'
import { vmInterface } from './virtualization/models/vm-interface.ts'
import { apGroup } from './wireless/models/ap-group.ts'
import { wirelessLan } from './wireless/models/wireless-lan.ts'

/** Every model there is. Endpoints, permissions, OpenAPI and references between them come from here. */
export const registry = createRegistry([
  region,
  site,
  location,
  rackRole,
  rack,
  manufacturer,
  deviceType,
  deviceRole,
  platform,
  device,
  networkInterface,
  cardType,
  card,
  clusterType,
  cluster,
  virtualMachine,
  vmInterface,
  provider,
  circuitType,
  circuit,
  circuitTermination,
  department,
  contact,
  apGroup,
  wirelessLan,
  rir,
  aggregate,
  asnRange,
  asn,
  role,
  routeTarget,
  vrf,
  vlanGroup,
  vlan,
  prefix,
  ipRange,
  ipAddress,
  tag,
  customFieldChoiceSet,
  customField,
  tagRule,
  savedFilter,
  journalEntry,
  user,
  job,
  netboxSource,
  group,
  token,
  credential,
  aaaRealm,
  jumpHost,
  accessRule,
  schedule,
  mailServer,
  maintenanceWindow,
  subscription,
  retentionPolicy,
  versionPin,
  noiseRule,
  complianceRule,
  complianceException,
  gitRemote,
  reveal,
  run,
  observation,
])
