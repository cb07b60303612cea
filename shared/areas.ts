import { backupsArea } from './backups/area.ts'
import { circuitsArea } from './circuits/area.ts'
import { coreArea } from './core/area.ts'
import { dcimArea } from './dcim/area.ts'
import { extrasArea } from './extras/area.ts'
import { gitArea } from './git/area.ts'
import { ipamArea } from './ipam/area.ts'
import { organizationArea } from './organization/area.ts'
import { oxidizedArea } from './oxidized/area.ts'
import { revealArea } from './backups/versions/reveal-area.ts'
import { systemArea } from './system/area.ts'
import { usersArea } from './users/area.ts'
import { virtualizationArea } from './virtualization/area.ts'
import { wirelessArea } from './wireless/area.ts'
import type { Area } from './http/area.ts'

/** The whole API: what OpenAPI tells. Each Lambda imports its own area alone, so that a cold start reads no other's routes. */
export const areas = {
  system: systemArea,
  dcim: dcimArea,
  virtualization: virtualizationArea,
  circuits: circuitsArea,
  organization: organizationArea,
  wireless: wirelessArea,
  ipam: ipamArea,
  extras: extrasArea,
  users: usersArea,
  core: coreArea,
  backups: backupsArea,
  reveal: revealArea,
  git: gitArea,
  oxidized: oxidizedArea,
} as const satisfies Record<string, Area>
