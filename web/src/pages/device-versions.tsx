import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { changesHref } from '../compared.ts'
import { Answer } from '../parts/answer.tsx'
import { Chips, readChip } from '../parts/chips.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { Pin } from '../parts/pin.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import { significanceWords } from '../significance.ts'
import type { Page, Version } from '../types.ts'

const limit = 25

export function DeviceVersions({ id }: { id: string }): ReactNode {
  const [search] = useSearchParams()
  const significant = readChip(search, 'significant', significanceWords)
  const offset = readOffset(search)
  const versions = useQuery({
    queryKey: ['device', id, 'versions', significant, offset],
    queryFn: () => getJson<Page<Version>>(`/backups/devices/${id}/versions/`, { significant, limit, offset }),
    placeholderData: keepPreviousData,
  })
  const href = (to: number): string =>
    urlOf(paths.device(id), { significant, offset: to === 0 ? undefined : to })
  return (
    <section aria-label="Versions">
      <div className="heading">
        <h2>Stored versions</h2>
        <Chips
          name="Filter versions"
          words={significanceWords}
          chosen={significant}
          toHref={(to) => urlOf(paths.device(id), { significant: to })}
          all="All"
        />
      </div>
      <Answer query={versions} what="The versions">
        {({ results, count }) =>
          count === 0 ? (
            <p className="empty">
              {significant === undefined
                ? 'No configuration is stored yet.'
                : `No stored version is ${significanceWords[significant].toLowerCase()}.`}
            </p>
          ) : (
            <>
              <VersionTable
                id={id}
                versions={results}
                hasOldest={significant !== 'false' && offset + results.length === count}
              />
              <Pager {...{ count, offset, limit, href }} />
            </>
          )
        }
      </Answer>
    </section>
  )
}

type TableProps = {
  id: string
  versions: readonly Version[]
  /** The last of them is the oldest of all, which always counts as significant: there is none before it. */
  hasOldest: boolean
}

function VersionTable({ id, versions, hasOldest }: TableProps): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Since the one before</th>
            <th scope="col">Collected</th>
            <th scope="col">Changed by</th>
            <th scope="col" className="number">
              Lines
            </th>
            <th scope="col" className="number">
              Secrets
            </th>
            <th scope="col">Run</th>
            <th scope="col">Way back</th>
            <th scope="col">Kept</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version, index) => (
            <VersionRow
              key={version.version}
              id={id}
              stored={version}
              isOldest={hasOldest && index === versions.length - 1}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

type RowProps = { id: string; stored: Version; isOldest: boolean }

function VersionRow({ id, stored, isOldest }: RowProps): ReactNode {
  const { version, collected, lines, secrets, run, pinned } = stored
  return (
    <tr>
      <th scope="row">
        <Link href={paths.version(id, version)}>v{version}</Link>
        {stored.significant ? null : <span className="note"> not significant</span>}
      </th>
      <td>
        {isOldest ? (
          '–'
        ) : (
          <Link href={changesHref(id, version)} aria-label={`Changes of v${version}`}>
            Changes
          </Link>
        )}
      </td>
      <td>
        <Time at={collected} />
      </td>
      <td title={stored.last_changed_at ?? undefined}>
        {stored.last_changed_by ?? stored.author?.name ?? '–'}
      </td>
      <td className="number">{lines.toLocaleString()}</td>
      <td className="number">{secrets}</td>
      <td>{run === null ? 'Imported' : <Link href={paths.run(run)}>Run {run}</Link>}</td>
      <td>
        <Link href={paths.restorePlan(id, version)} aria-label={`Restore plan of v${version}`}>
          Restore plan
        </Link>
      </td>
      <td className="why">
        <Pin id={id} version={stored} /> {pinned === null ? null : `by ${pinned.by}: ${pinned.reason}`}
      </td>
    </tr>
  )
}
