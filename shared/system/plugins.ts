import type { Area } from '../http/area.ts'
import { version } from '../version.ts'

/** The apps of NetBox: https://netboxlabs.com/docs/netbox/integrations/rest-api/ */
const netboxApps = new Set([
  'circuits',
  'core',
  'dcim',
  'extras',
  'ipam',
  'tenancy',
  'users',
  'virtualization',
  'vpn',
  'wireless',
])

/** The areas that NetBox does not have: its clients reach them as plugins, below `/api/plugins/<area>/`. */
export const pluginAreas = (areas: readonly Area[]): Area[] =>
  areas.filter(({ name, bases }) => bases.includes(`/api/plugins/${name}`) && !netboxApps.has(name))

/** They come with netkeep: one package, one version. */
export const installedPlugins = (areas: readonly Area[]) =>
  pluginAreas(areas).map(({ name, label }) => ({
    name,
    package: 'netkeep',
    author: 'netkeep',
    author_email: '',
    description: label,
    version,
  }))
