import { Buffer } from 'node:buffer'
import { recordSession, type Recording } from '../../collect/recording/recording.ts'
import { claimJob, finishJob } from '../../core/jobs.ts'
import type { ObjectStore } from '../../objects.ts'
import { loginsOf } from '../credentials/open-credentials.ts'
import { withDevice, type DeviceStores } from '../access/one-device.ts'
import { RecordParams } from './record-session-job.ts'
import { recordingFile, recordingKey } from './recordings.ts'

/** What came of it. Without a session there is no file. */
type Recorded = {
  /** A login was. */
  accepted: boolean
  category: string | null
  detail: string | null
  file: string | null
  bytes: number
  /** Different secrets that were masked, and answers left out because that failed. */
  masked: number
  withheld: number
}

/**
 * Records one session and keeps its file, nothing else: no version, no result, no standing of the device. Called again
 * after a crash it asks the device again. @throws AppError `job_taken`, `job_finished`
 */
export async function runRecording(
  stores: DeviceStores & { work: ObjectStore },
  jobId: number,
  execution: string,
): Promise<void> {
  const job = await claimJob(stores.engine, jobId, execution)
  const result = await record(stores, RecordParams.parse(job.params), recordingKey(jobId))
  await finishJob(stores.engine, jobId, { state: 'completed', result })
}

const record = (
  stores: DeviceStores & { work: ObjectStore },
  asked: RecordParams,
  key: string,
): Promise<Recorded> =>
  withDevice(stores, asked, asked.credentialIds, async ({ request, deps, credentials, take }) => {
    const refused = await take()
    if (refused !== undefined) {
      const { category, detail } = refused
      return { accepted: false, category, detail, file: null, bytes: 0, masked: 0, withheld: 0 }
    }
    const logins = loginsOf(credentials, asked.credentialIds)
    const { recording } = await recordSession({ ...request, credentials: logins }, deps, asked.name)
    const file = Buffer.from(`${JSON.stringify(recording, null, 2)}\n`)
    await stores.work.put(key, file, { contentType: 'application/json' })
    return { ...endOf(recording), file: recordingFile(recording.model, recording.device), bytes: file.length }
  })

function endOf({ outcome, attempts, recorded }: Recording): Omit<Recorded, 'file' | 'bytes'> {
  const { masked, withheld } = recorded
  const accepted = attempts.some((attempt) => attempt.accepted)
  const why = outcome.ok ? { category: null, detail: null } : outcome
  return { accepted, category: why.category, detail: why.detail, masked, withheld }
}
