import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { getJson, postJson } from '../api.ts'
import { outcomeOf } from '../job-outcomes.ts'
import { isOpenJob } from '../job-states.ts'
import type { Job } from '../types.ts'
import { Failure } from './answer.tsx'

const pollMs = 500

type Props = {
  label: string
  /** Of its button, where there are several with the same label. */
  name?: string
  /** Starts the job. */
  path: string
  /** What is asked for anew when it has ended. */
  renews: readonly unknown[]
}

/** Starts a job and tells how it ends. */
export function JobButton({ label, name, path, renews }: Props): ReactNode {
  const queries = useQueryClient()
  const start = useMutation({ mutationFn: () => postJson<Job>(path, {}) })
  const id = start.data?.id
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: async () => {
      const found = await getJson<Job>(`/core/jobs/${id}/`)
      if (!isOpenJob(found)) void queries.invalidateQueries({ queryKey: renews })
      return found
    },
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (isOpenJob(state.data) ? pollMs : false),
  })
  const end = isOpenJob(job.data) ? undefined : job.data
  const isBusy = start.isPending || (id !== undefined && end === undefined && !job.isError)
  const error = start.error ?? job.error
  return (
    <>
      <button type="button" aria-label={name} disabled={isBusy} onClick={() => start.mutate()}>
        {label}
      </button>
      <span role="status" className="note">
        {isBusy ? 'Under way …' : end === undefined ? '' : endOf(end)}
      </span>
      {error === null ? null : <Failure error={error} what={label} />}
    </>
  )
}

function endOf(job: Job): string {
  const outcome = outcomeOf(job)
  const why = job.error ?? outcome?.why ?? null
  const words = outcome?.words ?? job.state.label
  return why === null ? `${words}.` : `${words}: ${why}`
}
