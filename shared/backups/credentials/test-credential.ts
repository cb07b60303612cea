import { deviceConnector } from '../../collect/connector.ts'
import { claimJob, finishJob } from '../../core/jobs.ts'
import { withDevice, type DeviceStores } from '../access/one-device.ts'
import { TestParams } from './test-credential-job.ts'

/** What came of it: the category of a failure as in a run, null where the login was accepted. */
type Tested = { accepted: boolean; category: string | null; detail: string | null; elapsed_ms: number }

/** Carries a test out. Called again after a crash it logs in again, and counts again. @throws AppError `job_taken`, `job_finished` */
export async function runCredentialTest(
  stores: DeviceStores,
  jobId: number,
  execution: string,
): Promise<void> {
  const job = await claimJob(stores.engine, jobId, execution)
  const tested = await logIn(stores, TestParams.parse(job.params))
  await finishJob(stores.engine, jobId, { state: 'completed', result: tested })
}

const logIn = (stores: DeviceStores, asked: TestParams): Promise<Tested> =>
  withDevice(stores, asked, [asked.credential], async ({ request, deps, credentials, take }) => {
    const one = credentials.get(asked.credential)
    if (one === undefined)
      return {
        accepted: false,
        category: 'no_credentials',
        detail: 'it was deleted or emptied',
        elapsed_ms: 0,
      }
    const connector = deviceConnector({ ...request, credentials: [one.login] }, deps)
    const startedAt = performance.now()
    try {
      const connected = (await take()) ?? (await connector.connect())
      const elapsed = Math.round(performance.now() - startedAt)
      const why = connected.ok
        ? { category: null, detail: null }
        : { category: connected.category, detail: connected.detail }
      const accepted = connector.state.attempts.some((attempt) => attempt.accepted)
      return { accepted, ...why, elapsed_ms: elapsed }
    } finally {
      await connector.disconnect()
    }
  })
