import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { getJson } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { BackUpButton } from '../parts/back-up-button.tsx'
import { Facts } from '../parts/facts.tsx'
import { Heading } from '../parts/heading.tsx'
import { isUnderWay, Status } from '../parts/status.tsx'
import { Tallies } from '../parts/tallies.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Page, Progress, Result, Run } from '../types.ts'
import { RunControls } from './run-controls.tsx'
import { RunLog } from './run-log.tsx'
import { RunNotifications } from './run-notifications.tsx'
import { RunResults } from './run-results.tsx'

const pollMs = 1000
/** A pause may last for days. */
const pausedPollMs = 5000

export function RunPage({ id }: { id: string }): ReactNode {
  const progress = useQuery({
    queryKey: ['run', id, 'progress'],
    queryFn: () => getJson<Progress>(`/backups/runs/${id}/progress/`),
    refetchInterval: ({ state }) => (isOpen(state.data) ? pollMsOf(state.data) : false),
  })
  // Asked again at every change of state: what ended the run and its commit are known only then.
  const run = useQuery({
    queryKey: ['run', id, progress.data?.status],
    queryFn: () => getJson<Run>(`/backups/runs/${id}/`),
    enabled: progress.data !== undefined,
    placeholderData: (before) => before,
  })
  return (
    <>
      <p className="trail">
        <Link href={paths.runs}>Runs</Link>
      </p>
      <Heading title={`Run ${id}`}>
        <div className="buttons">
          {run.data === undefined ? null : (
            <Status value={run.data.status.value} label={run.data.status.label} />
          )}
          {progress.data !== undefined && isOpen(progress.data) ? (
            <RunControls id={id} status={statusOf(progress.data)} />
          ) : null}
          {progress.data !== undefined && !isOpen(progress.data) && progress.data.failed > 0 ? (
            <BackUpButton label="Back up the failed again" findDevices={() => failedOf(id)} />
          ) : null}
        </div>
      </Heading>
      <Answer query={progress} what="This run">
        {(data) => (
          <>
            <RunProgress progress={data} />
            {run.data === undefined ? null : <RunFacts run={run.data} />}
            {isOpen(data) ? null : <RunNotifications id={id} finished={data.finished} />}
            <RunLog id={id} isOpen={isOpen(data)} finished={data.finished} />
            <RunResults id={id} progress={data} isOpen={isOpen(data)} />
          </>
        )}
      </Answer>
    </>
  )
}

/** As many as the API gives at once, and as it takes for a run. */
const [pageMax, devicesMax] = [1000, 10_000]

async function failedOf(id: string): Promise<number[]> {
  const ids: number[] = []
  let count = 0
  do {
    const asked = { status: 'failed', limit: pageMax, offset: ids.length }
    const page = await getJson<Page<Result>>(`/backups/runs/${id}/results/`, asked)
    ids.push(...page.results.map(({ device }) => device.id))
    count = page.results.length === 0 ? 0 : Math.min(page.count, devicesMax)
  } while (ids.length < count)
  return ids
}

const isOpen = (progress: Progress | undefined): boolean =>
  progress === undefined || isUnderWay(statusOf(progress))

/** The route says text. */
const statusOf = (progress: Progress): Run['status']['value'] => progress.status as Run['status']['value']

const pollMsOf = (progress: Progress | undefined): number =>
  progress?.status === 'paused' ? pausedPollMs : pollMs

function RunProgress({ progress }: { progress: Progress }): ReactNode {
  const { total, changed, unchanged, failed, skipped } = progress
  const done = changed + unchanged + failed + skipped
  // Before the plan is made nobody knows how many devices there are: a bar without a value says so.
  const value = total > 0 ? { value: done, max: total } : {}
  return (
    <section className="progress" aria-label="Progress">
      {isOpen(progress) ? <progress aria-label="Devices done" {...value} /> : null}
      <p>
        {total === 0 && isOpen(progress) ? 'Looking for devices …' : `${done} of ${total} devices done`}
        {progress.status === 'paused' ? '. Paused: no session begins until it is resumed.' : ''}
      </p>
      {/* Told by quarters: a reader that spoke every device would never fall silent. */}
      <p role="status" className="unseen">
        {total === 0 ? '' : `${Math.floor((4 * done) / total) * 25} % done`}
      </p>
      <Tallies
        tallies={{
          Changed: changed,
          Unchanged: unchanged,
          Failed: failed,
          ...(skipped === 0 ? {} : { Skipped: skipped }),
        }}
      />
    </section>
  )
}

function RunFacts({ run }: { run: Run }): ReactNode {
  return (
    <Facts
      facts={{
        Started: <Time at={run.started} />,
        Finished: <Time at={run.finished} />,
        By: run.requested_by === '' ? run.trigger.label : run.requested_by,
        Commit: run.commit === null ? '–' : <code>{run.commit.slice(0, 12)}</code>,
        ...(run.error === null ? {} : { Error: run.error }),
      }}
    />
  )
}
