import type * as z from 'zod'
import { pageOf } from '../../http/paging.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { Engine } from '../../model/engine.ts'
import { keys } from '../../table/keys.ts'
import type { coverageRoutes, ShownCovered } from './routes.ts'
import { readInventory } from '../runs/inventory.ts'
import { targetTest, type PlannedDevice } from '../runs/plan.ts'
import { BackupState } from '../records.ts'
import type { BackupTarget } from '../runs/work.ts'

/**
 * How well the devices are backed up, by what their last runs left: `fresh` has a good backup younger than asked,
 * `stale` an older one, `never` none; `failing` failed last, whatever it has.
 */
type Standing = 'fresh' | 'stale' | 'failing' | 'never'

type Covered = { device: PlannedDevice; standing: Standing; state: BackupState | undefined }

function standingOf(state: BackupState | undefined, youngerThan: Date): Standing {
  if (state === undefined) return 'never'
  const { lastSuccessAt = '', lastFailureAt = '' } = state
  if (lastFailureAt > lastSuccessAt) return 'failing'
  if (lastSuccessAt === '') return 'never'
  return Date.parse(lastSuccessAt) >= youngerThan.getTime() ? 'fresh' : 'stale'
}

/** Every device that is to be backed up and meets the target, by name. Costs one read per device. */
async function readCoverage(engine: Engine, target: BackupTarget, maxAgeHours: number): Promise<Covered[]> {
  const { devices } = await readInventory(engine)
  const wanted = devices.filter(targetTest(target))
  const states = await engine.table.getMany(
    BackupState,
    wanted.map(({ id }) => keys.backupState(id)),
  )
  const youngerThan = new Date(engine.now().getTime() - maxAgeHours * 3_600_000)
  return wanted
    .map((device, index) => ({
      device,
      standing: standingOf(states[index], youngerThan),
      state: states[index],
    }))
    .sort((a, b) => a.device.name.localeCompare(b.device.name) || a.device.id - b.device.id)
}

type Asked = z.output<(typeof coverageRoutes)['coverage']['query']>

/** The report, and the devices of one standing or cause, page by page. */
export async function reportCoverage(engine: Engine, asked: Asked, request: HttpRequest) {
  const target: BackupTarget = {
    ...(asked.site_id === undefined ? {} : { sites: asked.site_id }),
    ...(asked.tag_id === undefined ? {} : { tags: asked.tag_id }),
    ...(asked.platform_id === undefined ? {} : { platforms: asked.platform_id }),
  }
  const covered = await readCoverage(engine, target, asked.max_age_hours)
  const failing = covered.filter((one) => one.standing === 'failing')
  const count = (standing: Standing): number => covered.filter((one) => one.standing === standing).length
  const wanted = covered.filter(
    ({ standing, state }) =>
      (asked.standing === undefined || standing === asked.standing) &&
      (asked.category === undefined || state?.lastFailure === asked.category),
  )
  const byCause = Object.groupBy(failing, ({ state }) => state?.lastFailure ?? 'internal')
  return {
    total: covered.length,
    standings: {
      fresh: count('fresh'),
      stale: count('stale'),
      failing: failing.length,
      never: count('never'),
    },
    failing_by: Object.fromEntries(
      Object.entries(byCause).map(([cause, devices]) => [cause, devices.length]),
    ),
    ...pageOf(request, wanted, showCovered),
  }
}

const showCovered = ({ device, standing, state }: Covered): z.input<typeof ShownCovered> => ({
  device: { id: device.id, name: device.name },
  site: device.site.id,
  standing,
  last_success: state?.lastSuccessAt ?? null,
  last_failure: state?.lastFailureAt ?? null,
  category: state?.lastFailure ?? null,
  failures_in_row: state?.failuresInRow ?? 0,
  version: state === undefined || state.sequence === 0 ? null : state.sequence,
})
