import { defineModel } from '../../model/define.ts'
import { bool, choice, int, list, network, ref, refs, tags, text } from '../../model/fields.ts'

/**
 * How devices are reached where it is not the usual way. The first enabled rule that meets a device holds, whole: of
 * its sites, platforms and tags, each that is given must have something in common with the device.
 */
export const accessRule = defineModel({
  name: 'backups.accessrule',
  path: 'access-rules',
  label: 'Access rule',
  labelPlural: 'Access rules',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true }),
    priority: int({ min: 1, max: 1000, default: 100, help: 'Lower is looked at first' }),
    sites: refs('dcim.site', { filter: 'site', max: 100 }),
    platforms: refs('dcim.platform', { filter: 'platform', max: 100 }),
    allowed_networks: list(network({}), {
      help: 'Only addresses in these are connected to; none given means any',
    }),
    jump_host: ref('backups.jumphost', { optional: true }),
    aaa_realm: ref('backups.aaarealm', { optional: true, help: 'Where the accounts of these devices live' }),
    sessions_max: int({
      min: 1,
      max: 1000,
      optional: true,
      help: 'Sessions with its devices at once, over all runs; none given means any number',
    }),
    sessions_per: choice(
      { site: 'Site', rule: 'Rule' },
      { default: 'site', help: 'Whether so many at each site, or in all' },
    ),
    transport: choice(
      { ssh: 'SSH', telnet: 'Telnet' },
      { optional: true, help: 'What the device type says, where it is not given' },
    ),
    port: int({ min: 1, max: 65_535, optional: true }),
    legacy_algorithms: bool({
      default: false,
      help: 'Also offer SHA-1, CBC and DSA, for devices that know nothing better',
    }),
    device_seconds: int({ min: 10, max: 840, optional: true, help: 'For a device as a whole' }),
    start_seconds: int({ min: 1, max: 600, optional: true, help: 'Silence before an answer begins' }),
    idle_seconds: int({ min: 1, max: 600, optional: true, help: 'Silence within an answer' }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { sites: 'clear', platforms: 'clear', tags: 'clear' },
  search: ['name', 'description'],
  columns: ['name', 'enabled', 'priority', 'jump_host', 'transport', 'port', 'legacy_algorithms'],
  ordering: ['priority', 'name'],
})
