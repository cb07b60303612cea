import type * as z from 'zod'
import type { complianceRoutes } from '../../shared/backups/compliance/routes.ts'
import type { coverageRoutes } from '../../shared/backups/coverage/routes.ts'
import type { ShownDiff } from '../../shared/backups/versions/diff-routes.ts'
import type { factRoutes } from '../../shared/backups/facts/routes.ts'
import type { RuleSeverity } from '../../shared/backups/models/compliance-rule.ts'
import type { gitRemote } from '../../shared/backups/models/git-remote.ts'
import type { observation } from '../../shared/backups/models/observation.ts'
import type { run } from '../../shared/backups/models/run.ts'
import type { subscription } from '../../shared/backups/models/subscription.ts'
import type { ShownNotification } from '../../shared/backups/notify/routes.ts'
import type { ShownRemoteState } from '../../shared/backups/remotes/routes.ts'
import type { RestorePlan as PlanShape } from '../../shared/backups/restore/routes.ts'
import type { RunProgress, runRoutes, ShownResult } from '../../shared/backups/runs/routes.ts'
import type { deviceRoutes, ShownVersion } from '../../shared/backups/versions/routes.ts'
import type { configSearchRoutes } from '../../shared/backups/search/routes.ts'
import type { historyRoutes } from '../../shared/backups/history/routes.ts'
import type { jobRoutes } from '../../shared/core/job-routes.ts'
import type { job, JobProgress } from '../../shared/core/models/job.ts'
import type { device } from '../../shared/dcim/models/device.ts'
import type { platform } from '../../shared/dcim/models/platform.ts'
import type { RowOf } from '../../shared/model/define.ts'

/** What the API answers, derived from the models and routes themselves. */

type Nested = { id: number; display: string }
type Choice<Value> = { value: Value; label: string }

/** An object as the API shows it: references nested, choices with their label. */
type ShownOf<Row, Refs extends keyof Row, Choices extends keyof Row> = Omit<
  Row,
  Refs | Choices | 'version'
> & {
  [K in Refs]: Row[K] extends readonly unknown[] ? Nested[] : null extends Row[K] ? Nested | null : Nested
} & { [K in Choices]: Choice<Row[K]> } & { display: string }

export type Device = ShownOf<
  RowOf<typeof device>,
  'site' | 'platform' | 'role' | 'device_type' | 'tags',
  'status'
>
export type Platform = ShownOf<RowOf<typeof platform>, 'manufacturer' | 'tags', never>
export type Run = ShownOf<RowOf<typeof run>, 'schedule', 'status' | 'trigger'>
export type GitRemote = ShownOf<RowOf<typeof gitRemote>, never, never>
export type Subscription = ShownOf<RowOf<typeof subscription>, 'mail_server' | 'sites' | 'tags', 'channel'>
export type Observation = ShownOf<RowOf<typeof observation>, 'device', never>
export type Job = ShownOf<RowOf<typeof job>, never, 'state'> & z.infer<typeof JobProgress>
export type JobFile = z.infer<(typeof jobRoutes)['jobFiles']['response']>['results'][number]
export type HistoryImport = z.infer<(typeof historyRoutes)['importHistory']['response']>

export type Progress = z.infer<typeof RunProgress>
export type Result = z.infer<typeof ShownResult>
export type Version = z.infer<typeof ShownVersion>
export type RunLog = z.infer<(typeof runRoutes)['runLog']['response']>
export type LogLine = RunLog['lines'][number]
export type Coverage = z.infer<(typeof coverageRoutes)['coverage']['response']>
export type Notification = z.infer<typeof ShownNotification>
export type Diff = z.infer<typeof ShownDiff>
export type DeviceState = z.infer<(typeof deviceRoutes)['deviceState']['response']>
export type ConfigsFound = z.infer<(typeof configSearchRoutes)['searchConfigs']['response']>
export type StartedRun = z.infer<(typeof runRoutes)['startRun']['response']>
export type DeviceCompliance = z.infer<(typeof complianceRoutes)['deviceCompliance']['response']>
export type ComplianceReport = z.infer<(typeof complianceRoutes)['compliance']['response']>
export type Conflicts = z.infer<(typeof factRoutes)['listConflicts']['response']>
export type Conflict = Conflicts['results'][number]
export type DecidedConflicts = z.infer<(typeof factRoutes)['acceptConflicts']['response']>
export type FactReport = z.infer<(typeof factRoutes)['factReport']['response']>
export type RemoteState = z.infer<typeof ShownRemoteState>
export type Severity = RuleSeverity
export type RestorePlan = z.infer<typeof PlanShape>

export type Page<T> = { count: number; results: T[] }
