import { credential } from './backups/models/credential.ts'
import { run } from './backups/models/run.ts'
import { schedule } from './backups/models/schedule.ts'
import { deviceRole } from './dcim/models/device-role.ts'
import { deviceType } from './dcim/models/device-type.ts'
import { device } from './dcim/models/device.ts'
import { manufacturer } from './dcim/models/manufacturer.ts'
import { platform } from './dcim/models/platform.ts'
import { site } from './dcim/models/site.ts'
import { tag } from './extras/models/tag.ts'
import { createRegistry } from './model/registry.ts'
import { token } from './users/models/token.ts'
import { user } from './users/models/user.ts'

/** Every model there is. Endpoints, permissions, OpenAPI and references between them come from here. */
export const registry = createRegistry([
  site,
  manufacturer,
  deviceType,
  deviceRole,
  platform,
  device,
  tag,
  user,
  token,
  credential,
  schedule,
  run,
])
