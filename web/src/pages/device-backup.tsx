import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { getJson } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Facts } from '../parts/facts.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { DeviceState } from '../types.ts'
import { ObservedFacts } from './observed-facts.tsx'

export const deviceStateOf = (id: string) =>
  queryOptions({
    queryKey: ['device', id, 'state'],
    queryFn: () => getJson<DeviceState>(`/backups/devices/${id}/state/`),
  })

/** How the backups of a device stand, and when the next one comes. */
export function DeviceBackup({ id }: { id: string }): ReactNode {
  const state = useQuery(deviceStateOf(id))
  return (
    <section aria-label="Backup">
      <h2>Backup</h2>
      <Answer query={state} what="The state of its backup">
        {(data) => (
          <>
            <BackupFacts state={data} />
            <Schedules schedules={data.schedules} />
            <ObservedFacts facts={data.facts} />
            <HostKeys keys={data.host_keys} />
          </>
        )}
      </Answer>
    </section>
  )
}

function BackupFacts({ state }: { state: DeviceState }): ReactNode {
  const { last_success: success, last_failure: failure, last_failure_category: category } = state
  const { last_run: run, next_run: next } = state
  return (
    <>
      {success === null && failure === null ? (
        <p className="empty">This device was never backed up: it takes part in the next run.</p>
      ) : null}
      <Facts
        facts={{
          'Last success': <Time at={success} />,
          'Last failure': (
            <>
              <Time at={failure} /> {category === null ? null : <code>{category}</code>}
            </>
          ),
          'Failures in a row': state.failures_in_row,
          'Last run': run === null ? '–' : <Link href={paths.run(run)}>Run {run}</Link>,
          'Next run':
            next === null ? (
              '–'
            ) : (
              <>
                <Due next={next} /> ({next.schedule.name})
              </>
            ),
        }}
      />
    </>
  )
}

/** With jitter it starts at some moment between two. */
const Due = ({ next: { at, latest } }: { next: { at: string; latest: string } }): ReactNode => (
  <>
    <Time at={at} />
    {latest === at ? null : (
      <>
        {' '}
        to <Time at={latest} />
      </>
    )}
  </>
)

function Schedules({ schedules }: Pick<DeviceState, 'schedules'>): ReactNode {
  return (
    <>
      <h3>Schedules</h3>
      {schedules.length === 0 ? (
        <p className="empty">
          No enabled schedule covers this device: it is backed up when somebody asks for it.
        </p>
      ) : (
        <ul className="plain">
          {schedules.map(({ schedule, next }) => (
            <li key={schedule.id}>
              <strong>{schedule.name}</strong>: {next === null ? 'no run is to come' : <Due next={next} />}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function HostKeys({ keys }: { keys: DeviceState['host_keys'] }): ReactNode {
  return (
    <>
      <h3>Pinned host keys</h3>
      {keys.length === 0 ? (
        <p className="empty">None yet: the key of the first session is pinned.</p>
      ) : (
        <ul className="plain">
          {keys.map(({ type, sha256 }) => (
            <li key={sha256}>
              <code>
                {type} SHA256:{sha256}
              </code>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
