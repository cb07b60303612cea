import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { jobStateWords } from '../job-states.ts'
import { Answer } from '../parts/answer.tsx'
import { Chips, readChip } from '../parts/chips.tsx'
import { Heading } from '../parts/heading.tsx'
import { JobStatus } from '../parts/job-status.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Job, Page } from '../types.ts'
import { StartHistoryImport, StartRetention } from './start-job.tsx'

const limit = 25
const pollMs = 5000

/** Long work that somebody asked for, or the clock. */
export function JobsPage(): ReactNode {
  const [search] = useSearchParams()
  const state = readChip(search, 'state', jobStateWords)
  const offset = readOffset(search)
  const jobs = useQuery({
    queryKey: ['jobs', state, offset],
    queryFn: () => getJson<Page<Job>>('/core/jobs/', { state, limit, offset }),
    placeholderData: keepPreviousData,
    refetchInterval: pollMs,
  })
  const href = (to: number): string => urlOf(paths.jobs, { state, offset: to === 0 ? undefined : to })
  return (
    <>
      <Heading title="Jobs" />
      <section aria-label="Retention">
        <h2>Retention</h2>
        <p className="note">
          What the retention policies do not keep goes every night; here one can look first.
        </p>
        <StartRetention />
      </section>
      <section aria-label="Import of a history">
        <h2>Import of a history</h2>
        <p className="note">
          The git repository of an Oxidized or a RANCID becomes old versions of the devices. The first job
          only tells what there is.
        </p>
        <StartHistoryImport />
      </section>
      <section aria-label="All jobs">
        <div className="heading">
          <h2>All jobs</h2>
          <Chips
            name="Filter by state"
            words={jobStateWords}
            chosen={state}
            toHref={(to) => urlOf(paths.jobs, { state: to })}
            all="All"
          />
        </div>
        <Answer query={jobs} what="The jobs">
          {({ results, count }) =>
            count === 0 ? (
              <p className="empty">
                {state === undefined ? 'No job was asked for yet.' : 'No job is like this.'}
              </p>
            ) : (
              <>
                <JobTable jobs={results} />
                <Pager {...{ count, offset, limit, href }} />
              </>
            )
          }
        </Answer>
      </section>
    </>
  )
}

function JobTable({ jobs }: { jobs: readonly Job[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col">Asked for</th>
            <th scope="col">Ended</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id}>
              <th scope="row">
                <Link href={paths.job(job.id)}>{job.name}</Link>
              </th>
              <td>
                <JobStatus job={job} />
              </td>
              <td>
                <Time at={job.created} />
              </td>
              <td>
                <Time at={job.completed} />
              </td>
              <td>{job.requested_by === '' ? 'netkeep' : job.requested_by}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
