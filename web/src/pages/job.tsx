import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { getJson, postJson } from '../api.ts'
import { isOpenJob } from '../job-states.ts'
import { Answer, Failure } from '../parts/answer.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Facts } from '../parts/facts.tsx'
import { Heading } from '../parts/heading.tsx'
import { JobStatus } from '../parts/job-status.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Job, JobFile, Page } from '../types.ts'
import { RecordedFile } from './record-session.tsx'
import { InEarnest } from './start-job.tsx'

const pollMs = 1000
/** Its file is given by the backups, who may keep it from somebody. */
const recordKind = 'record_session'

/** How far a job is, what it has found, and its files. */
export function JobPage({ id }: { id: string }): ReactNode {
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: () => getJson<Job>(`/core/jobs/${id}/`),
    refetchInterval: ({ state }) => (isOpenJob(state.data) ? pollMs : false),
  })
  return (
    <>
      <p className="trail">
        <Link href={paths.jobs}>Jobs</Link>
      </p>
      <Heading title={job.data?.name ?? `Job ${id}`}>
        {job.data === undefined ? null : (
          <div className="buttons">
            <JobStatus job={job.data} />
            <JobControls job={job.data} />
            <InEarnest job={job.data} />
          </div>
        )}
      </Heading>
      <Answer query={job} what="This job">
        {(data) => (
          <>
            {isOpenJob(data) ? <JobProgress job={data} /> : null}
            {data.error === null ? null : (
              <p className="failure" role="alert">
                {data.error}
              </p>
            )}
            <JobFacts job={data} />
            {data.result === null ? null : <JobResult result={data.result} />}
            {isOpenJob(data) ? null : <JobFiles job={data} />}
          </>
        )}
      </Answer>
    </>
  )
}

function JobProgress({ job: { current, total, step, state } }: { job: Job }): ReactNode {
  const isKnown = current !== null && total !== null && total > 0
  const words = isKnown
    ? `${current.toLocaleString()} of ${total.toLocaleString()}`
    : state.value === 'pending'
      ? 'Not begun yet: a job that waits for its file goes on when that is there.'
      : 'Under way …'
  return (
    <section className="progress" aria-label="Progress">
      <progress aria-label="Done" {...(isKnown ? { value: current, max: total } : {})} />
      <p>
        {words}
        {step === null ? '' : ` (${step})`}
      </p>
    </section>
  )
}

function JobFacts({ job }: { job: Job }): ReactNode {
  return (
    <Facts
      facts={{
        Number: job.id,
        'Asked for': <Time at={job.created} />,
        Began: <Time at={job.started} />,
        Ended: <Time at={job.completed} />,
        ...deviceOf(job),
        By: job.requested_by === '' ? 'netkeep' : job.requested_by,
        'Goes with its files': <Time at={job.expires} />,
        ...(job.params['dry_run'] === true ? { 'Dry run': 'nothing is changed' } : {}),
      }}
    />
  )
}

/** With which a session was recorded. */
function deviceOf({ kind, params: { device, name } }: Job): Record<string, ReactNode> {
  if (kind !== recordKind || typeof device !== 'number' || typeof name !== 'string') return {}
  return { Device: <Link href={paths.device(device)}>{name}</Link> }
}

const resumable: Job['state']['value'] = 'interrupted'

function JobControls({ job }: { job: Job }): ReactNode {
  const queries = useQueryClient()
  const [isAsking, ask] = useState(false)
  const act = useMutation({
    mutationFn: (name: 'cancel' | 'resume') => postJson<Job>(`/core/jobs/${job.id}/${name}/`, {}),
    onSuccess: async () => {
      ask(false)
      await queries.invalidateQueries({ queryKey: ['job', String(job.id)] })
    },
  })
  if (job.state.value === resumable)
    return (
      <>
        <button type="button" disabled={act.isPending} onClick={() => act.mutate('resume')}>
          Resume
        </button>
        {act.isError ? <Failure error={act.error} what="The job was not resumed" /> : null}
      </>
    )
  if (!isOpenJob(job)) return null
  return (
    <>
      <button type="button" onClick={() => ask(true)}>
        Cancel job
      </button>
      {isAsking ? (
        <Dialog
          title="Cancel this job?"
          action="Cancel job"
          isBusy={act.isPending}
          error={act.error}
          onConfirm={() => act.mutate('cancel')}
          onClose={() => ask(false)}
        >
          <p>What it has done stays done.</p>
        </Dialog>
      ) : null}
    </>
  )
}

/** Each kind of job has a result of its own: its members by their names in the API. */
function JobResult({ result }: { result: NonNullable<Job['result']> }): ReactNode {
  // The files have a list of their own, with links that work.
  const members = Object.entries(result)
    .filter(([name]) => name !== 'files' && name !== 'dry_run')
    // The store keeps no order. Lists are long, and come last.
    .toSorted(
      ([a, one], [b, other]) =>
        Number(Array.isArray(one)) - Number(Array.isArray(other)) || a.localeCompare(b),
    )
  if (members.length === 0) return null
  return (
    <section aria-label="Result">
      <h2>Result</h2>
      <Facts
        facts={Object.fromEntries(members.map(([name, value]) => [wordsOf(name), <Member value={value} />]))}
      />
    </section>
  )
}

const wordsOf = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

function Member({ value }: { value: unknown }): ReactNode {
  if (typeof value === 'number') return value.toLocaleString()
  if (value === null || value === '') return '–'
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.length === 0 ? (
      'None'
    ) : (
      <ul className="plain">
        {value.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    )
  return <code>{JSON.stringify(value)}</code>
}

/** With links to the store that work for a quarter of an hour: asked for anew while the page is open. */
const filesRenewMs = 600_000

function JobFiles({ job }: { job: Job }): ReactNode {
  if (job.kind === recordKind && job.result === null) return null
  return (
    <section aria-label="Files">
      <h2>Files</h2>
      {job.kind === recordKind ? <RecordedFile job={job} /> : <FileList id={job.id} />}
    </section>
  )
}

function FileList({ id }: { id: number }): ReactNode {
  const files = useQuery({
    queryKey: ['job', String(id), 'files'],
    queryFn: () => getJson<Page<JobFile>>(`/core/jobs/${id}/files/`, { limit: 100 }),
    refetchInterval: filesRenewMs,
  })
  return (
    <Answer query={files} what="The files">
      {({ results }) =>
        results.length === 0 ? (
          <p className="empty">This job has no files.</p>
        ) : (
          <ul className="plain">
            {results.map(({ name, bytes, link }) => (
              <li key={name}>
                <a href={link} download={name}>
                  {name}
                </a>{' '}
                <span className="note">{bytes.toLocaleString()} bytes</span>
              </li>
            ))}
          </ul>
        )
      }
    </Answer>
  )
}
