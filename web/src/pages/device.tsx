import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Facts } from '../parts/facts.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { Status } from '../parts/status.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Device, DeviceState, Page, Version } from '../types.ts'

const limit = 25

export function DevicePage({ id }: { id: string }): ReactNode {
  const device = useQuery({
    queryKey: ['device', id],
    queryFn: () => getJson<Device>(`/dcim/devices/${id}/`),
  })
  const state = useQuery({
    queryKey: ['device', id, 'state'],
    queryFn: () => getJson<DeviceState>(`/backups/devices/${id}/state/`),
  })
  return (
    <>
      <p className="trail">
        <Link href={paths.devices}>Devices</Link>
      </p>
      <Heading title={device.data?.name ?? 'Device'}>
        {device.data === undefined ? null : (
          <Status value={device.data.status.value} label={device.data.status.label} />
        )}
      </Heading>
      <Answer query={device} what="This device">
        {(data) => <DeviceFacts device={data} />}
      </Answer>
      <section aria-label="Backup">
        <h2>Backup</h2>
        <Answer query={state} what="The state of its backup">
          {(data) => <BackupFacts state={data} />}
        </Answer>
      </section>
      <Versions id={id} />
    </>
  )
}

function DeviceFacts({ device }: { device: Device }): ReactNode {
  return (
    <Facts
      facts={{
        Site: device.site.display,
        Role: device.role.display,
        Type: device.device_type.display,
        Platform: device.platform?.display ?? '–',
        Address: `${device.management_address ?? '–'}, port ${device.management_port}`,
        Serial: device.serial === '' ? '–' : device.serial,
      }}
    />
  )
}

function BackupFacts({ state }: { state: DeviceState }): ReactNode {
  const { last_success: success, last_failure: failure, last_failure_category: category } = state
  if (success === null && failure === null)
    return <p className="empty">This device was never backed up: it takes part in the next run.</p>
  const lastFailure = (
    <>
      <Time at={failure} /> {category === null ? null : <code>{category}</code>}
    </>
  )
  const { last_run: run, next_run: next } = state
  return (
    <>
      <Facts
        facts={{
          'Last success': <Time at={success} />,
          'Last failure': lastFailure,
          'Failures in a row': state.failures_in_row,
          'Last run': run === null ? '–' : <Link href={paths.run(run)}>Run {run}</Link>,
          'Next run':
            next === null ? (
              '–'
            ) : (
              <>
                <Time at={next.at} /> ({next.schedule.name})
              </>
            ),
        }}
      />
      <h3>Pinned host keys</h3>
      {state.host_keys.length === 0 ? (
        <p className="empty">None yet: the key of the first session is pinned.</p>
      ) : (
        <ul className="keys">
          {state.host_keys.map(({ type, sha256 }) => (
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

function Versions({ id }: { id: string }): ReactNode {
  const [search] = useSearchParams()
  const offset = readOffset(search)
  const versions = useQuery({
    queryKey: ['device', id, 'versions', offset],
    queryFn: () => getJson<Page<Version>>(`/backups/devices/${id}/versions/`, { limit, offset }),
  })
  const href = (to: number): string => urlOf(paths.device(id), { offset: to === 0 ? undefined : to })
  return (
    <section aria-label="Versions">
      <h2>Stored versions</h2>
      <Answer query={versions} what="The versions">
        {({ results, count }) =>
          count === 0 ? (
            <p className="empty">No configuration is stored yet.</p>
          ) : (
            <>
              <VersionTable id={id} versions={results} />
              <Pager {...{ count, offset, limit, href }} />
            </>
          )
        }
      </Answer>
    </section>
  )
}

function VersionTable({ id, versions }: { id: string; versions: readonly Version[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Collected</th>
            <th scope="col" className="number">
              Lines
            </th>
            <th scope="col" className="number">
              Secrets
            </th>
            <th scope="col">Run</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, collected, lines, secrets, run }) => (
            <tr key={version}>
              <th scope="row">
                <Link href={paths.version(id, version)}>v{version}</Link>
              </th>
              <td>
                <Time at={collected} />
              </td>
              <td className="number">{lines.toLocaleString()}</td>
              <td className="number">{secrets}</td>
              <td>{run === null ? 'Imported' : <Link href={paths.run(run)}>Run {run}</Link>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
