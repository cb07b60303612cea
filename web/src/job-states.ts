import type { Job } from './types.ts'

type State = Job['state']['value']

export const jobStateWords: Record<State, string> = {
  pending: 'Pending',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  errored: 'Errored',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
}

export const isOpenJob = (job: Job | undefined): boolean =>
  job === undefined || ['pending', 'running'].includes(job.state.value)
