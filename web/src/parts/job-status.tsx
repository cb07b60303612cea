import type { ReactNode } from 'react'
import { outcomeOf } from '../job-outcomes.ts'
import type { Job } from '../types.ts'
import { Status } from './status.tsx'

/** The state of a job, or what came of it where its kind has more to say. */
export function JobStatus({ job }: { job: Job }): ReactNode {
  const outcome = outcomeOf(job)
  return outcome === undefined ? (
    <Status value={job.state.value} label={job.state.label} />
  ) : (
    <Status value={outcome.isGood ? 'completed' : 'failed'} label={outcome.words} />
  )
}
