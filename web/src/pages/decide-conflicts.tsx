import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { ApiError, postJson, urlOf } from '../api.ts'
import { type Act, acts, actsOf, fieldWords, reasonMax } from '../conflict-words.ts'
import { Dialog } from '../parts/dialog.tsx'
import type { Places } from '../parts/place-filters.tsx'
import { paths } from '../paths.ts'
import type { Conflict, Conflicts, DecidedConflicts } from '../types.ts'

/** As the API takes them. */
export type ConflictFilters = Places & { state: Conflict['state']; field: Conflict['field'] | undefined }

type Failed = DecidedConflicts['failed']
type Props = Pick<Conflicts, 'results' | 'count'> & {
  chosen: readonly Conflict[]
  filters: ConflictFilters
  onDone: () => void
}

const root = '/backups/conflicts'

/** Decides on those that were chosen, or on all that the filters match where the page has but some of them. */
export function DecideMany({ results, count, chosen, filters, onDone }: Props): ReactNode {
  const queries = useQueryClient()
  const [asked, ask] = useState<Act>()
  const [done, tellDone] = useState(0)
  const [wantsAll, wantAll] = useState(false)
  const isPage = chosen.length === results.length && count > results.length
  const areAll = wantsAll && isPage
  const many = areAll ? count : chosen.length
  const decide = useMutation({
    mutationFn: ({ act, reason }: { act: Act; reason: string }) =>
      areAll
        ? postJson<DecidedConflicts>(urlOf(`${root}/${act}/`, { ...filters, expect_count: count }), {
            reason,
          })
        : decideEach(chosen, { act, reason }, tellDone),
    onSuccess: () => {
      ask(undefined)
      wantAll(false)
      onDone()
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['conflicts'] }),
  })
  const open = (act: Act): void => {
    decide.reset()
    tellDone(0)
    ask(act)
  }
  return (
    <>
      <div className="buttons bar" role="group" aria-label="Decide on several">
        <span>{many.toLocaleString()} chosen</span>
        {actsOf(filters.state).map((act) => (
          <button key={act} type="button" disabled={many === 0} onClick={() => open(act)}>
            {acts[act]} chosen
          </button>
        ))}
        {isPage ? (
          <button type="button" onClick={() => wantAll(!areAll)}>
            {areAll ? 'Choose this page only' : `Choose all ${count.toLocaleString()}`}
          </button>
        ) : null}
      </div>
      {decide.data === undefined ? null : <Outcome decided={decide.data} />}
      {asked === undefined ? null : (
        <Dialog
          title={`${acts[asked]} ${many.toLocaleString()} ${many === 1 ? 'conflict' : 'conflicts'}`}
          action={acts[asked]}
          reasonMax={reasonMax}
          isBusy={decide.isPending}
          error={decide.error}
          onConfirm={(reason) => decide.mutate({ act: asked, reason })}
          onClose={() => (decide.isPending ? undefined : ask(undefined))}
        >
          <p>{meaning[asked]}</p>
          {decide.isPending ? <DoneSoFar done={areAll ? undefined : done} many={many} /> : null}
        </Dialog>
      )}
    </>
  )
}

const meaning: Record<Act, string> = {
  accept: 'The inventory will say what the devices say, with a change record of each.',
  keep: 'The inventory stays as it is. What the devices say is ignored until they say something else.',
}

/** What was seen is sent along with each: another value that came meanwhile is not decided on unseen. */
async function decideEach(
  chosen: readonly Conflict[],
  { act, reason }: { act: Act; reason: string },
  tellDone: (done: number) => void,
): Promise<DecidedConflicts> {
  const failed: Failed = []
  // In turn: conflicts of one device wait for each other anyway.
  for (const [index, { device, field, observed }] of chosen.entries()) {
    try {
      await postJson(`${root}/${device.id}/${field}/${act}/`, { observed, reason })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed.push({ device, field, errors: [error.message] })
    }
    tellDone(index + 1)
  }
  return { matched: chosen.length, done: chosen.length - failed.length, failed }
}

/** Of one request nobody knows how far it is. */
function DoneSoFar({ done, many }: { done: number | undefined; many: number }): ReactNode {
  return (
    <div className="progress">
      <progress
        aria-label="Conflicts decided on"
        {...(done === undefined ? {} : { value: done, max: many })}
      />
      <p role="status">{done === undefined ? 'Under way …' : `${done} of ${many}`}</p>
    </div>
  )
}

function Outcome({ decided: { matched, done, failed } }: { decided: DecidedConflicts }): ReactNode {
  return (
    <>
      <p role="status">
        {done.toLocaleString()} of {matched.toLocaleString()} done.
      </p>
      {failed.length === 0 ? null : (
        <div className="failure" role="alert">
          <p>
            <strong>Not done:</strong>
          </p>
          <ul className="plain">
            {failed.map(({ device, field, errors }) => (
              <li key={`${device.id} ${field}`}>
                <Link href={paths.device(device.id)}>{device.name}</Link>, {fieldWords[field].toLowerCase()}:{' '}
                {errors.join(' ')}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
