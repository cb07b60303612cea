import type { Json } from '../api.ts'

/**
 * What a model's rules ask for and its fields do not tell. A model that is not here is made from its fields alone;
 * optional fields that its rules complain about are left out by themselves (`world.ts`).
 * @param n another number for each row.
 */
export const hints: Readonly<Record<string, (body: Json, n: number) => Json>> = {
  'dcim.devicetype': (body) => ({ ...body, u_height: [0, 0.5, 1, 2][String(body['slug']).length % 4] }),
  'ipam.iprange': (body, n) => ({
    ...body,
    start_address: `10.${n % 200}.${(n >> 8) % 200}.10/24`,
    end_address: `10.${n % 200}.${(n >> 8) % 200}.20/24`,
  }),
  'ipam.asnrange': (body, n) => ({ ...body, start: 1000 * n + 1, end: 1000 * n + 500 }),
  // A group may have part of the ids only.
  'ipam.vlan': (body, n) => ({ ...body, vid: 2 + (n % 198) }),
  'extras.savedfilter': (body) => ({ ...body, parameters: { name: 'x' } }),
  'backups.credential': (body) => ({ ...body, password: 'hunter2hunter2' }),
  'backups.subscription': (body) => ({
    ...body,
    channel: 'webhook',
    destination: `https://hooks.example.net/${String(body['name'])}`,
  }),
  'backups.gitremote': (body) => ({
    ...body,
    remote_url: `https://git.example.net/${String(body['name'])}.git`,
    branch: 'main',
  }),
  'core.netboxsource': (body) => ({
    ...body,
    remote_url: `https://netbox.example.net/${encodeURIComponent(String(body['name']))}`,
    device_filter: `name=${encodeURIComponent(String(body['name']))}`,
  }),
  'backups.maintenancewindow': (body) => ({
    ...body,
    weekly: ['mon-fri 22:00-06:00'],
    starts: null,
    ends: null,
  }),
  'backups.schedule': (body) => ({ ...body, cron: null, once_at: null, interval_minutes: 60 }),
  // It becomes a member of the rows of the models it names: of one that nothing else is about.
  'extras.customfield': ({ name, label = '' }) => ({ name, label, object_types: ['dcim.rackrole'] }),
  'users.user': (body, n) => ({ ...body, username: `user-${n}`, password: null }),
}
