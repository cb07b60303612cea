import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { postJson } from '../api.ts'
import { Failure } from '../parts/answer.tsx'
import { Dialog } from '../parts/dialog.tsx'
import type { Progress, Run } from '../types.ts'

type Status = Run['status']['value']
type Act = 'pause' | 'resume' | 'cancel'

/** While these hold, there are devices left that a pause would spare. */
const pausable: readonly Status[] = ['queued', 'planning', 'collecting', 'second_pass']

/** What can be done with a run that is not over. */
export function RunControls({ id, status }: { id: string; status: Status }): ReactNode {
  const queries = useQueryClient()
  const [isAsking, ask] = useState(false)
  const act = useMutation({
    mutationFn: (name: Act) => postJson<Progress>(`/backups/runs/${id}/${name}/`, {}),
    onSuccess: async (progress) => {
      ask(false)
      const queryKey = ['run', id, 'progress']
      // An answer on the way still has the status from before.
      await queries.cancelQueries({ queryKey })
      queries.setQueryData(queryKey, progress)
    },
  })
  const isPaused = status === 'paused'
  return (
    <>
      <div className="buttons">
        {isPaused || pausable.includes(status) ? (
          <button
            type="button"
            className={isPaused ? 'primary' : undefined}
            disabled={act.isPending}
            onClick={() => act.mutate(isPaused ? 'resume' : 'pause')}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </button>
        ) : null}
        <button type="button" disabled={act.isPending} onClick={() => ask(true)}>
          Cancel run
        </button>
      </div>
      {act.isError && !isAsking ? <Failure error={act.error} what={refused[act.variables]} /> : null}
      {isAsking ? (
        <Dialog
          title={`Cancel run ${id}?`}
          action="Cancel run"
          isBusy={act.isPending}
          error={act.variables === 'cancel' ? act.error : null}
          onConfirm={() => act.mutate('cancel')}
          onClose={() => ask(false)}
        >
          <p>What it has stored is kept and committed. Devices that have no result yet get none.</p>
        </Dialog>
      ) : null}
    </>
  )
}

const refused: Record<Act, string> = {
  pause: 'The run was not paused',
  resume: 'The run was not resumed',
  cancel: 'The run was not cancelled',
}
