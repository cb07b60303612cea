import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useNamed } from '../parts/place-filters.tsx'
import { Status } from '../parts/status.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Coverage } from '../types.ts'

type Covered = Coverage['results'][number]

/** Worst first. */
export const standingWords: Record<Covered['standing'], string> = {
  failing: 'Failing',
  never: 'Never',
  stale: 'Stale',
  fresh: 'Fresh',
}

const nobody: Record<Covered['standing'], string> = {
  failing: 'No device fails.',
  never: 'Every device was backed up once.',
  stale: 'No device has a good backup that is too old.',
  fresh: 'No device has a good backup that is young enough.',
}

type Props = { devices: readonly Covered[]; count: number; standing: Covered['standing'] }

export function CoveredDevices({ devices, count, standing }: Props): ReactNode {
  const sites = useNamed('sites')
  const nameOf = (id: number): string =>
    sites.data?.results.find((site) => site.id === id)?.name ?? String(id)
  if (count === 0) return <p className="empty">{nobody[standing]}</p>
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Standing</th>
            <th scope="col">Cause</th>
            <th scope="col">Last success</th>
            <th scope="col">Last failure</th>
            <th scope="col" className="number">
              Failures in a row
            </th>
            <th scope="col">Site</th>
            <th scope="col">Version</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((covered) => (
            <CoveredRow key={covered.device.id} covered={covered} site={nameOf(covered.site)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CoveredRow({ covered, site }: { covered: Covered; site: string }): ReactNode {
  const { device, standing, category, version } = covered
  return (
    <tr>
      <th scope="row">
        <Link href={paths.device(device.id)}>{device.name}</Link>
      </th>
      <td>
        <Status value={standing} label={standingWords[standing]} />
      </td>
      <td>{category === null ? '–' : <code>{category}</code>}</td>
      <td>{covered.last_success === null ? 'Never' : <Time at={covered.last_success} />}</td>
      <td>
        <Time at={covered.last_failure} />
      </td>
      <td className="number">{covered.failures_in_row}</td>
      <td>{site}</td>
      <td>{version === null ? '–' : <Link href={paths.version(device.id, version)}>v{version}</Link>}</td>
    </tr>
  )
}
