import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { postJson } from '../api.ts'
import type { Version } from '../types.ts'
import { Dialog } from './dialog.tsx'

/** As the API takes it. */
const reasonMax = 500

type Props = { id: string; version: Version }

/** Keeps a version whatever the retention policies say, or leaves it to them again. */
export function Pin({ id, version: { version, pinned } }: Props): ReactNode {
  const queries = useQueryClient()
  const [isAsking, ask] = useState(false)
  const act = pinned === null ? 'pin' : 'unpin'
  const word = pinned === null ? 'Pin' : 'Unpin'
  const change = useMutation({
    mutationFn: (reason: string) =>
      postJson<Version>(`/backups/devices/${id}/versions/${version}/${act}/`, { reason }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['device', id, 'versions'] })
      ask(false)
    },
  })
  const open = (): void => {
    change.reset()
    ask(true)
  }
  return (
    <>
      <button type="button" className="small" aria-label={`${word} v${version}`} onClick={open}>
        {word}
      </button>
      {isAsking ? (
        <Dialog
          title={`${word} version ${version}`}
          action={word}
          reasonMax={reasonMax}
          isBusy={change.isPending}
          error={change.error}
          onConfirm={change.mutate}
          onClose={() => ask(false)}
        >
          <p>
            {pinned === null
              ? 'A pinned version is kept whatever the retention policies say.'
              : `Pinned by ${pinned.by}: “${pinned.reason}”. The retention policies may let it go then.`}
          </p>
        </Dialog>
      ) : null}
    </>
  )
}
