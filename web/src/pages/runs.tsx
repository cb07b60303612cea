import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { BackUpButton } from '../parts/back-up-button.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { isUnderWay, Status } from '../parts/status.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Page, Run } from '../types.ts'

const limit = 25
const busyPollMs = 2000
const idlePollMs = 15_000

export function RunsPage(): ReactNode {
  const [search] = useSearchParams()
  const offset = readOffset(search)
  const runs = useQuery({
    queryKey: ['runs', offset],
    queryFn: () => getJson<Page<Run>>('/backups/runs/', { limit, offset }),
    refetchInterval: ({ state }) =>
      state.data?.results.some(({ status }) => isUnderWay(status.value)) === true ? busyPollMs : idlePollMs,
  })
  return (
    <>
      <Heading title="Backup runs">
        <BackUpButton label="Back up now" isPrimary />
      </Heading>
      <Answer query={runs} what="The runs">
        {({ results, count }) =>
          count === 0 ? (
            <p className="empty">
              No backup has run yet. “Back up now” saves the configuration of every active device; a schedule
              does it night by night.
            </p>
          ) : (
            <>
              <RunTable runs={results} />
              <Pager
                {...{ count, offset, limit }}
                href={(to) => urlOf(paths.runs, { offset: to === 0 ? undefined : to })}
              />
            </>
          )
        }
      </Answer>
    </>
  )
}

function RunTable({ runs }: { runs: readonly Run[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col" className="number">
              Devices
            </th>
            <th scope="col" className="number">
              Changed
            </th>
            <th scope="col" className="number">
              Failed
            </th>
            <th scope="col" className="number">
              Skipped
            </th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row">
                <Link href={paths.run(run.id)}>{run.display}</Link>
              </th>
              <td>
                <Status value={run.status.value} label={run.status.label} />
              </td>
              <td>
                <Time at={run.started} />
              </td>
              <td className="number">{run.total}</td>
              <td className="number">{run.changed}</td>
              <td className="number">{run.failed}</td>
              <td className="number">{run.skipped}</td>
              <td>{run.requested_by === '' ? run.trigger.label : run.requested_by}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
