import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { postJson } from '../api.ts'
import { type Act, acts, actsOf, reasonMax } from '../conflict-words.ts'
import { Dialog } from '../parts/dialog.tsx'
import type { Conflict } from '../types.ts'

type Props = { conflict: Conflict; field: string }

/** Which side is right. What was seen is sent along: another value that came meanwhile is not decided on unseen. */
export function Decide({ conflict, field }: Props): ReactNode {
  const { device, inventory, observed, state } = conflict
  const queries = useQueryClient()
  const [asked, ask] = useState<Act>()
  const decide = useMutation({
    mutationFn: ({ act, reason }: { act: Act; reason: string }) =>
      postJson(`/backups/conflicts/${device.id}/${conflict.field}/${act}/`, { observed, reason }),
    onSuccess: async () => {
      ask(undefined)
      await queries.invalidateQueries({ queryKey: ['conflicts'] })
    },
  })
  const open = (act: Act): void => {
    decide.reset()
    ask(act)
  }
  return (
    <>
      <div className="buttons">
        {actsOf(state).map((act) => (
          <button
            key={act}
            type="button"
            className="small"
            aria-label={`${acts[act]}: ${field} of ${device.name}`}
            onClick={() => open(act)}
          >
            {acts[act]}
          </button>
        ))}
      </div>
      {asked === undefined ? null : (
        <Dialog
          title={`${field} of ${device.name}`}
          action={acts[asked]}
          reasonMax={reasonMax}
          isBusy={decide.isPending}
          error={decide.error}
          onConfirm={(reason) => decide.mutate({ act: asked, reason })}
          onClose={() => ask(undefined)}
        >
          <p>
            {asked === 'accept' ? (
              <>
                The inventory will say <strong>{observed}</strong> in place of {inventory ?? 'nothing'}.
              </>
            ) : (
              <>
                The inventory goes on saying <strong>{inventory ?? 'nothing'}</strong>. That the device says{' '}
                {observed} is ignored until it says something else.
              </>
            )}
          </p>
        </Dialog>
      )}
    </>
  )
}
