import { device } from '../../dcim/models/device.ts'
import { platform } from '../../dcim/models/platform.ts'
import { site } from '../../dcim/models/site.ts'
import { AppError } from '../../errors.ts'
import { tag } from '../../extras/models/tag.ts'
import type { Model } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import type { BackupTarget } from '../runs/work.ts'

const models: Readonly<Record<keyof BackupTarget, Model>> = {
  devices: device,
  sites: site,
  tags: tag,
  platforms: platform,
}

/** @throws AppError `validation_failed` naming every id that is none. */
export async function checkTarget(engine: Engine, target: BackupTarget): Promise<void> {
  const issues = []
  for (const [name, ids] of Object.entries(target) as [keyof BackupTarget, number[] | undefined][]) {
    if (ids === undefined) continue
    const catalog = engine.catalogs.of(models[name])
    await catalog.refresh()
    const unknown = ids.filter((id) => !catalog.rows.has(id))
    if (unknown.length > 0)
      issues.push({ path: name, message: `There is no such id: ${unknown.slice(0, 20).join(', ')}` })
  }
  if (issues.length > 0)
    throw new AppError('validation_failed', 'The target names what does not exist.', { issues })
}
