import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Chips, readChip } from '../parts/chips.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { Status } from '../parts/status.tsx'
import { DownloadButton } from '../parts/take-away.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Conflict, Conflicts } from '../types.ts'
import { Decide } from './decide-conflict.tsx'

const limit = 50
const root = '/backups/conflicts/'

const fieldWords: Record<Conflict['field'], string> = {
  name: 'Name',
  serial: 'Serial number',
  device_type: 'Device type',
  platform: 'Platform',
  build: 'OS version',
}
const stateWords: Record<Conflict['state'], string> = { new: 'New', ignored: 'Ignored' }

/** Where devices say something else of themselves than the inventory. Those nobody has decided on, at first. */
export function ConflictsPage(): ReactNode {
  const [search] = useSearchParams()
  const state = readChip(search, 'state', stateWords) ?? 'new'
  const field = readChip(search, 'field', fieldWords)
  const offset = readOffset(search)
  const conflicts = useQuery({
    queryKey: ['conflicts', state, field, offset],
    queryFn: () => getJson<Conflicts>(root, { state, field, limit, offset }),
    placeholderData: keepPreviousData,
  })
  const href = (to: number): string =>
    urlOf(paths.conflicts, { state, field, offset: to === 0 ? undefined : to })
  return (
    <>
      <Heading title="Conflicts">
        <div className="buttons">
          <DownloadButton
            label="Download CSV"
            path={urlOf(root, { state, field, export: 'csv' })}
            name="conflicts.csv"
            media="text/csv"
          />
        </div>
      </Heading>
      <Chips
        name="Filter by state"
        words={stateWords}
        chosen={state}
        toHref={(to) => urlOf(paths.conflicts, { state: to, field })}
      />
      <Chips
        name="Filter by field"
        words={fieldWords}
        chosen={field}
        toHref={(to) => urlOf(paths.conflicts, { state, field: to })}
        all="All"
      />
      <Answer query={conflicts} what="The conflicts">
        {({ results, count }) =>
          results.length === 0 ? (
            <p className="empty">
              {state === 'new'
                ? 'No device says anything else of itself than the inventory.'
                : 'No conflict is ignored.'}
            </p>
          ) : (
            <>
              <ConflictTable conflicts={results} />
              <Pager {...{ count, offset, limit, href }} />
            </>
          )
        }
      </Answer>
    </>
  )
}

function ConflictTable({ conflicts }: { conflicts: readonly Conflict[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Field</th>
            <th scope="col">Inventory</th>
            <th scope="col">Device says</th>
            <th scope="col">Decide</th>
            <th scope="col">State</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {conflicts.map((conflict) => (
            <ConflictRow key={`${conflict.device.id} ${conflict.field}`} conflict={conflict} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ConflictRow({ conflict }: { conflict: Conflict }): ReactNode {
  const { device, field, inventory, observed, raw, state, kept, count } = conflict
  return (
    <tr>
      <th scope="row">
        <Link href={paths.device(device.id)}>{device.name}</Link>
      </th>
      <td>{fieldWords[field]}</td>
      <td>{inventory ?? '–'}</td>
      <td title={raw}>{observed}</td>
      <td>
        <Decide conflict={conflict} field={fieldWords[field]} />
      </td>
      <td className="why">
        <Status value={state} label={stateWords[state]} />
        {kept === null ? null : ` by ${kept.by}${kept.reason === '' ? '' : `: ${kept.reason}`}`}
      </td>
      <td>
        <Time at={conflict.first_seen} /> ({count} {count === 1 ? 'reading' : 'readings'})
      </td>
    </tr>
  )
}
