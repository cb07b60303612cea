import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { fieldWords, stateWords } from '../conflict-words.ts'
import { Status } from '../parts/status.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Conflict, Conflicts } from '../types.ts'
import { Decide } from './decide-conflict.tsx'
import { type ConflictFilters, DecideMany } from './decide-conflicts.tsx'

type Props = { page: Conflicts; filters: ConflictFilters }

const keyOf = ({ device, field }: Conflict): string => `${device.id} ${field}`

/** One page of conflicts: decided on one by one, or several at once. */
export function ConflictList({ page, filters }: Props): ReactNode {
  const { results, count } = page
  const [marked, mark] = useState<ReadonlySet<string>>(new Set())
  // One that was decided on meanwhile has gone from the page, and its mark counts no more.
  const chosen = results.filter((conflict) => marked.has(keyOf(conflict)))
  return (
    <>
      <DecideMany chosen={chosen} onDone={() => mark(new Set())} {...{ results, count, filters }} />
      {count === 0 ? (
        <p className="empty">
          {filters.state === 'ignored'
            ? 'No conflict is ignored.'
            : 'No device says anything else of itself than the inventory.'}
        </p>
      ) : results.length === 0 ? (
        <p className="empty">This page is empty by now; those before it are not.</p>
      ) : (
        <ConflictTable conflicts={results} chosen={chosen} mark={mark} />
      )}
    </>
  )
}

type TableProps = {
  conflicts: readonly Conflict[]
  chosen: readonly Conflict[]
  mark: (keys: ReadonlySet<string>) => void
}

function ConflictTable({ conflicts, chosen, mark }: TableProps): ReactNode {
  const keys = new Set(chosen.map(keyOf))
  const areAll = chosen.length === conflicts.length && chosen.length > 0
  const toggle = (conflict: Conflict): void => mark(keys.symmetricDifference(new Set([keyOf(conflict)])))
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <td>
              <input
                type="checkbox"
                aria-label="Choose all of this page"
                checked={areAll}
                onChange={() => mark(new Set(areAll ? [] : conflicts.map(keyOf)))}
              />
            </td>
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
            <ConflictRow
              key={keyOf(conflict)}
              conflict={conflict}
              isChosen={keys.has(keyOf(conflict))}
              toggle={() => toggle(conflict)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

type RowProps = { conflict: Conflict; isChosen: boolean; toggle: () => void }

function ConflictRow({ conflict, isChosen, toggle }: RowProps): ReactNode {
  const { device, field, inventory, observed, raw, state, kept, count } = conflict
  const words = fieldWords[field]
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Choose: ${words} of ${device.name}`}
          checked={isChosen}
          onChange={toggle}
        />
      </td>
      <th scope="row">
        <Link href={paths.device(device.id)}>{device.name}</Link>
      </th>
      <td>{words}</td>
      <td>{inventory ?? '–'}</td>
      <td title={raw}>{observed}</td>
      <td>
        <Decide conflict={conflict} field={words} />
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
