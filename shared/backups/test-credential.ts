import { isUndetected } from '../collect/detection.ts'
import { deviceConnector } from '../collect/connector.ts'
import { defaultLimits, type CollectRequest } from '../collect/request.ts'
import { claimJob, finishJob } from '../core/jobs.ts'
import type { Engine } from '../model/engine.ts'
import { keys } from '../table/keys.ts'
import { openAccess, requestOf } from './batch-access.ts'
import { batchGates } from './batch-gates.ts'
import { batchPlaces } from './batch-places.ts'
import { openKeyring, type KeyService } from './keyring.ts'
import { openCredentials } from './open-credentials.ts'
import { BackupState } from './records.ts'
import { TestParams } from './test-credential-job.ts'

export type TestStores = {
  engine: Engine
  keyService: KeyService
  now: () => Date
  limits?: CollectRequest['limits']
}

/** What came of it: the category of a failure as in a run, null where the login was accepted. */
type Tested = { accepted: boolean; category: string | null; detail: string | null; elapsed_ms: number }

/** Carries a test out. Called again after a crash it logs in again, and counts again. @throws AppError `job_taken`, `job_finished` */
export async function runCredentialTest(stores: TestStores, jobId: number, execution: string): Promise<void> {
  const job = await claimJob(stores.engine, jobId, execution)
  const tested = await logIn(stores, TestParams.parse(job.params))
  await finishJob(stores.engine, jobId, { state: 'completed', result: tested })
}

async function logIn(stores: TestStores, asked: TestParams): Promise<Tested> {
  const { engine, keyService, now } = stores
  const { access } = asked
  const keyring = await openKeyring(engine.table, keyService)
  const opened = await openCredentials(engine.table, keyring, [asked.credential], now())
  const one = opened.get(asked.credential)
  if (one === undefined)
    return { accepted: false, category: 'no_credentials', detail: 'it was deleted or emptied', elapsed_ms: 0 }
  const places = batchPlaces({ table: engine.table, now })
  const gates = batchGates({ table: engine.table, now })
  const ways = await openAccess(engine.table, keyring, [asked], gates)
  const state = await engine.table.get(BackupState, keys.backupState(asked.device))
  const request = requestOf(asked)
  const reach = ways.reachOf(asked)
  const limits = { ...stores.limits, ...access?.limits }
  const own = places.ofDevice(limits.deviceMs ?? defaultLimits.deviceMs)
  const connector = deviceConnector(
    {
      ...request,
      deviceType: isUndetected(request.deviceType) ? 'autodetect' : request.deviceType,
      credentials: [one.login],
      pinnedHostKeys: state?.hostKeys ?? [],
      limits,
    },
    {
      now,
      gate: gates.gateFor(
        { name: `device-${asked.device}`, realm: access?.realm, places: own },
        () => one.realm,
      ),
      ...(reach === undefined ? {} : { reach }),
    },
  )
  const startedAt = performance.now()
  try {
    const connected = (await own.take(ways.capsOf(asked))) ?? (await connector.connect())
    const elapsed = Math.round(performance.now() - startedAt)
    const why = connected.ok
      ? { category: null, detail: null }
      : { category: connected.category, detail: connected.detail }
    const accepted = connector.state.attempts.some((attempt) => attempt.accepted)
    return { accepted, ...why, elapsed_ms: elapsed }
  } finally {
    await connector.disconnect()
    await ways.close()
    await own.release()
    await places.close()
  }
}
