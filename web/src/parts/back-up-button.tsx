import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { postJson } from '../api.ts'
import { paths } from '../paths.ts'
import type { StartedRun } from '../types.ts'
import { Failure } from './answer.tsx'

type Props = {
  label: string
  /** The devices, found out when it is pressed; all that are active without it. */
  findDevices?: () => Promise<number[]>
  isPrimary?: boolean
}

/** Starts a run and goes to its page. */
export function BackUpButton({ label, findDevices, isPrimary }: Props): ReactNode {
  const [, go] = useLocation()
  const start = useMutation({
    mutationFn: async () => {
      const devices = await findDevices?.()
      return postJson<StartedRun>('/backups/runs/', devices === undefined ? {} : { devices })
    },
    onSuccess: ({ id }) => go(paths.run(id)),
  })
  return (
    <>
      <button
        type="button"
        className={isPrimary === true ? 'primary' : undefined}
        disabled={start.isPending}
        onClick={() => start.mutate()}
      >
        {start.isPending ? 'Starting …' : label}
      </button>
      {start.isError ? <Failure error={start.error} what="The backup was not started" /> : null}
    </>
  )
}
