import { defineModel, type Refs, type Row } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { bool, choice, int, ref, tags, text } from '../../model/fields.ts'

export const circuitTermination = defineModel({
  name: 'circuits.circuittermination',
  path: 'circuit-terminations',
  label: 'Circuit termination',
  labelPlural: 'Circuit terminations',
  fields: {
    circuit: ref('circuits.circuit', {}),
    term_side: choice({ A: 'A', Z: 'Z' }, {}),
    site: ref('dcim.site', { optional: true }),
    connection_type: choice({ wan: 'WAN', lan: 'LAN' }, { optional: true }),
    device: ref('dcim.device', { optional: true }),
    interface: ref('dcim.interface', { optional: true }),
    port_speed: int({ optional: true, max: 4_000_000_000, help: 'Kilobits per second' }),
    upstream_speed: int({
      optional: true,
      max: 4_000_000_000,
      help: 'Kilobits per second, where it differs',
    }),
    xconnect_id: text({ max: 50, default: '', help: 'ID of the cross-connect' }),
    pp_info: text({ max: 100, default: '', help: 'Patch panel and port' }),
    mark_connected: bool({ default: false }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [['circuit', 'term_side']],
  derive: (row, { interface: port, device }) => {
    const ofPort = row['device'] ?? port?.['device'] ?? null
    return { device: ofPort, site: row['site'] ?? device?.['site'] ?? null }
  },
  check: checkTermination,
  onDelete: { circuit: 'cascade', device: 'clear', interface: 'clear', tags: 'clear' },
  filters: {
    region: through('site.region'),
    provider: through('circuit.provider'),
  },
  search: ['xconnect_id', 'pp_info', 'description'],
  columns: ['circuit', 'term_side', 'site', 'device', 'interface', 'port_speed'],
  display: ({ id, term_side }: Row) => `Termination ${String(term_side)} (${id})`,
  brief: ['circuit', 'term_side', 'description'],
  ordering: ['circuit', 'term_side'],
})

function checkTermination(row: Row, { device, interface: port }: Refs) {
  return [
    ...(row['site'] === null ? [{ path: 'site', message: 'A termination is at a site.' }] : []),
    ...(device !== undefined && device['site'] !== row['site']
      ? [{ path: 'device', message: 'The device is in another site.' }]
      : []),
    ...(port !== undefined && port['device'] !== row['device']
      ? [{ path: 'interface', message: 'This is an interface of another device.' }]
      : []),
  ]
}
