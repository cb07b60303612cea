import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { postJson } from '../api.ts'
import { Failure } from '../parts/answer.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { CopyButton } from '../parts/take-away.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { HistoryImport, Job } from '../types.ts'

const retentionPath = '/backups/retention/'
const historyPath = '/backups/history-imports/'

/** Starts a job and goes to its page. */
export function useStart(path: string) {
  const [, go] = useLocation()
  return useMutation({
    mutationFn: (body: object) => postJson<Job>(path, body),
    onSuccess: ({ id }) => go(paths.job(id)),
  })
}

export function StartRetention(): ReactNode {
  const start = useStart(retentionPath)
  return (
    <>
      <button type="button" disabled={start.isPending} onClick={() => start.mutate({ dry_run: true })}>
        See what would go
      </button>
      {start.isError ? <Failure error={start.error} what="The job was not started" /> : null}
    </>
  )
}

/** After a job that only told what there is: the same in earnest. */
export function InEarnest({ job }: { job: Job }): ReactNode {
  const [isAsking, ask] = useState(false)
  const what = earnest[job.kind]
  const start = useStart(what?.path ?? '')
  if (what === undefined || job.state.value !== 'completed' || job.params['dry_run'] !== true) return null
  return (
    <>
      <button type="button" className="primary" onClick={() => ask(true)}>
        {what.action}
      </button>
      {isAsking ? (
        <Dialog
          title={`${what.action}?`}
          action={what.action}
          isBusy={start.isPending}
          error={start.error}
          onConfirm={() => start.mutate(what.bodyOf(job))}
          onClose={() => ask(false)}
        >
          <p>{what.meaning}</p>
        </Dialog>
      ) : null}
    </>
  )
}

type Earnest = { path: string; action: string; meaning: string; bodyOf: (job: Job) => object }

const earnest: Partial<Record<string, Earnest>> = {
  config_retention: {
    path: retentionPath,
    action: 'Let go now',
    meaning: 'Versions that the policies do not keep are removed for good. What is pinned stays.',
    bodyOf: () => ({ dry_run: false }),
  },
  history_import: {
    path: historyPath,
    action: 'Import now',
    meaning: 'The versions are stored, from the same file and with the same choices.',
    bodyOf: ({ id, params: { branch, paths: chosen } }) => ({
      dry_run: false,
      from_job: id,
      ...(branch === undefined ? {} : { branch }),
      ...(chosen === undefined ? {} : { paths: chosen }),
    }),
  },
}

/** The file goes to the store itself, which a page of the browser may not talk to: a line for a shell does it. */
export function StartHistoryImport(): ReactNode {
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: () => postJson<HistoryImport>(historyPath, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
  const upload = start.data?.upload
  return (
    <>
      <button type="button" disabled={start.isPending || start.isSuccess} onClick={() => start.mutate()}>
        Begin an import
      </button>
      {start.isError ? <Failure error={start.error} what="The import was not begun" /> : null}
      {start.data === undefined || upload === undefined ? null : (
        <>
          <p>
            Make a bundle of the repository and upload it until <Time at={upload.expires} />:{' '}
            <Link href={paths.job(start.data.id)}>job {start.data.id}</Link> then goes on by itself.
          </p>
          <pre className="found">{shellOf(upload.link)}</pre>
          <CopyButton text={shellOf(upload.link)} label="Copy lines" />
        </>
      )}
    </>
  )
}

/** Between single quotes nothing means anything to a shell, and an address has none of them. */
const shellOf = (link: string): string =>
  `git -C /var/lib/oxidized/configs.git bundle create netkeep.bundle --all\ncurl -T netkeep.bundle '${link.replaceAll("'", '%27')}'`
