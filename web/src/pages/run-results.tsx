import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { SessionLog } from '../parts/session-log.tsx'
import { Status } from '../parts/status.tsx'
import { paths } from '../paths.ts'
import { resultOrder, type ResultStatus, windowsOf } from '../result-pages.ts'
import type { Page, Progress, Result } from '../types.ts'

const limit = 100
const words: Record<ResultStatus, string> = {
  failed: 'Failed',
  changed: 'Changed',
  skipped: 'Skipped',
  unchanged: 'Unchanged',
}

type Props = { id: string; progress: Progress; isOpen: boolean }

/** One row per device that is done. The filter and the open log are in the address. */
export function RunResults({ id, progress, isOpen }: Props): ReactNode {
  const [search] = useSearchParams()
  const status = resultOrder.find((known) => known === search.get('status'))
  const offset = readOffset(search)
  const statuses = status === undefined ? resultOrder : [status]
  const windows = windowsOf(progress, statuses, { offset, limit })
  const results = useQuery({
    // The counts are part of the key: each device that is done brings its row.
    queryKey: ['run', id, 'results', windows, isOpen],
    queryFn: () => readWindows(id, windows),
    placeholderData: (before) => before,
  })
  const count = statuses.reduce((sum, each) => sum + progress[each], 0)
  const href = (to: number): string => urlOf(paths.run(id), { status, offset: to === 0 ? undefined : to })
  return (
    <section aria-label="Results">
      <div className="heading">
        <h2>Results</h2>
        <StatusFilter id={id} status={status} progress={progress} />
      </div>
      <Answer query={results} what="The results">
        {(rows) =>
          rows.length === 0 ? (
            <p className="empty">
              {isOpen
                ? 'No device is done yet.'
                : `No device ${status === undefined ? 'took part' : status}.`}
            </p>
          ) : (
            <>
              <ResultTable id={id} rows={rows} logOf={search.get('log')} status={status} offset={offset} />
              <Pager {...{ count, offset, limit, href }} />
            </>
          )
        }
      </Answer>
    </section>
  )
}

async function readWindows(id: string, windows: ReturnType<typeof windowsOf>): Promise<Result[]> {
  const pages = await Promise.all(
    windows.map((window) => getJson<Page<Result>>(`/backups/runs/${id}/results/`, window)),
  )
  return pages.flatMap(({ results }) => results)
}

type FilterProps = { id: string; status: ResultStatus | undefined; progress: Progress }

function StatusFilter({ id, status, progress }: FilterProps): ReactNode {
  const all = resultOrder.reduce((sum, each) => sum + progress[each], 0)
  return (
    <nav className="chips" aria-label="Filter by status">
      <Link href={paths.run(id)} aria-current={status === undefined ? 'true' : undefined}>
        All {all}
      </Link>
      {resultOrder.map((each) => (
        <Link
          key={each}
          href={urlOf(paths.run(id), { status: each })}
          aria-current={each === status ? 'true' : undefined}
        >
          {words[each]} {progress[each]}
        </Link>
      ))}
    </nav>
  )
}

type TableProps = {
  id: string
  rows: readonly Result[]
  /** The device whose session is shown. */
  logOf: string | null
  status: ResultStatus | undefined
  offset: number
}

function ResultTable({ id, rows, logOf, status, offset }: TableProps): ReactNode {
  const hrefOf = (log: number | undefined): string =>
    urlOf(paths.run(id), { status, offset: offset === 0 ? undefined : offset, log })
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Result</th>
            <th scope="col">Why</th>
            <th scope="col">Version</th>
            <th scope="col" className="number">
              Time
            </th>
            <th scope="col">Session</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const isShown = String(row.device.id) === logOf
            return (
              <Fragment key={row.device.id}>
                <ResultRow row={row} isShown={isShown} href={hrefOf(isShown ? undefined : row.device.id)} />
                {isShown ? (
                  <tr className="detail">
                    <td colSpan={6}>
                      <SessionLog result={row} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

type RowProps = { row: Result; isShown: boolean; href: string }

function ResultRow({ row, isShown, href }: RowProps): ReactNode {
  const { device, category, detail, version, pass, elapsed_ms: elapsedMs } = row
  return (
    <tr>
      <th scope="row">
        <Link href={paths.device(device.id)}>{device.name}</Link>
      </th>
      <td>
        <Status value={row.status} label={words[row.status]} />
        {row.significant === false ? <span className="note"> not significant</span> : null}
        {pass > 1 ? <span className="note"> pass {pass}</span> : null}
      </td>
      <td className="why">
        {category === null ? null : <code>{category}</code>} {detail}
      </td>
      <td>{version === null ? '–' : <Link href={paths.version(device.id, version)}>v{version}</Link>}</td>
      <td className="number">{(elapsedMs / 1000).toFixed(2)} s</td>
      <td>
        <Link href={href} aria-expanded={isShown} aria-label={`Session log of ${device.name}`}>
          {isShown ? 'Hide log' : 'Log'}
        </Link>
      </td>
    </tr>
  )
}
