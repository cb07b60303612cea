import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { changesHref } from '../compared.ts'
import { Answer } from '../parts/answer.tsx'
import { Chips, readChip } from '../parts/chips.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { SessionLog } from '../parts/session-log.tsx'
import { Status } from '../parts/status.tsx'
import { paths } from '../paths.ts'
import { resultOrder, type ResultStatus, windowsOf } from '../result-pages.ts'
import { significanceWords, type Significance } from '../significance.ts'
import type { Page, Progress, Result } from '../types.ts'
import { AcceptKey } from './accept-key.tsx'

const limit = 100
const words: Record<ResultStatus, string> = {
  failed: 'Failed',
  changed: 'Changed',
  skipped: 'Skipped',
  unchanged: 'Unchanged',
}

type Props = { id: string; progress: Progress; isOpen: boolean }

/** One row per device that is done. The filters and the open log are in the address. */
export function RunResults({ id, progress, isOpen }: Props): ReactNode {
  const [search] = useSearchParams()
  const significant = readChip(search, 'significant', significanceWords)
  const status = significant === undefined ? readChip(search, 'status', words) : 'changed'
  const offset = readOffset(search)
  const windows = windowsOf(progress, status === undefined ? resultOrder : [status], { offset, limit })
  const results = useQuery({
    // The counts are part of the key: each device that is done brings its row.
    queryKey: ['run', id, 'results', significant, offset, windows, isOpen],
    queryFn: () =>
      significant === undefined ? readWindows(id, windows) : readSignificant(id, significant, offset),
    placeholderData: (before) => before,
  })
  const shown = { status, significant }
  const href = (to: number): string => urlOf(paths.run(id), { ...shown, offset: to === 0 ? undefined : to })
  return (
    <section aria-label="Results">
      <div className="heading">
        <h2>Results</h2>
        <StatusFilter id={id} status={status} progress={progress} />
      </div>
      {status === 'changed' ? (
        <Chips
          name="Filter changes"
          words={significanceWords}
          chosen={significant}
          toHref={(to) => urlOf(paths.run(id), { status, significant: to })}
          all="All changes"
        />
      ) : null}
      <Answer query={results} what="The results">
        {({ rows, count }) =>
          rows.length === 0 ? (
            <p className="empty">{isOpen ? 'No device is done yet.' : nothingOf(shown)}</p>
          ) : (
            <>
              <ResultTable rows={rows} logOf={search.get('log')} href={href(offset)} />
              <Pager count={count ?? countOf(progress, status)} {...{ offset, limit, href }} />
            </>
          )
        }
      </Answer>
    </section>
  )
}

type Shown = { status: ResultStatus | undefined; significant: Significance | undefined }

function nothingOf({ status, significant }: Shown): string {
  if (significant === 'true') return 'No change means anything: all are in lines that change by themselves.'
  if (significant === 'false') return 'Every change means something.'
  return `No device ${status ?? 'took part'}.`
}

const countOf = (progress: Progress, status: ResultStatus | undefined): number =>
  (status === undefined ? resultOrder : [status]).reduce((sum, each) => sum + progress[each], 0)

/** Without a count where the run's progress has it. */
type Rows = { rows: Result[]; count?: number }

async function readWindows(id: string, windows: ReturnType<typeof windowsOf>): Promise<Rows> {
  const pages = await Promise.all(
    windows.map((window) => getJson<Page<Result>>(`/backups/runs/${id}/results/`, window)),
  )
  return { rows: pages.flatMap(({ results }) => results) }
}

async function readSignificant(id: string, significant: Significance, offset: number): Promise<Rows> {
  const asked = { significant, offset, limit }
  const { count, results } = await getJson<Page<Result>>(`/backups/runs/${id}/results/`, asked)
  return { count, rows: results }
}

type FilterProps = { id: string; status: ResultStatus | undefined; progress: Progress }

function StatusFilter({ id, status, progress }: FilterProps): ReactNode {
  return (
    <nav className="chips" aria-label="Filter by status">
      <Link href={paths.run(id)} aria-current={status === undefined ? 'true' : undefined}>
        All {countOf(progress, undefined)}
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
  rows: readonly Result[]
  /** The device whose session is shown. */
  logOf: string | null
  /** Of the page without a session. */
  href: string
}

function ResultTable({ rows, logOf, href }: TableProps): ReactNode {
  const hrefOf = (log: number | undefined): string =>
    log === undefined ? href : `${href}${href.includes('?') ? '&' : '?'}log=${log}`
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
  const { device, category, detail, version, pass, host_key: hostKey, elapsed_ms: elapsedMs } = row
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
        {category === null ? null : <code>{category}</code>} {detail}{' '}
        {hostKey === null ? null : <AcceptKey device={device} hostKey={hostKey} />}
      </td>
      <td>
        {version === null ? '–' : <Link href={paths.version(device.id, version)}>v{version}</Link>}
        {/* Before the first one there is none, unless a history was imported. */}
        {row.status === 'changed' && version !== null && version !== 1 ? (
          <>
            {' '}
            <Link href={changesHref(device.id, version)} aria-label={`Changes of ${device.name}`}>
              Changes
            </Link>
          </>
        ) : null}
      </td>
      <td className="number">{(elapsedMs / 1000).toFixed(2)} s</td>
      <td>
        <Link href={href} aria-expanded={isShown} aria-label={`Session log of ${device.name}`}>
          {isShown ? 'Hide log' : 'Log'}
        </Link>
      </td>
    </tr>
  )
}
