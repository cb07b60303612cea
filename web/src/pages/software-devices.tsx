import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { readPlaces } from '../parts/place-filters.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Observation, Page } from '../types.ts'

const limit = 50
const facts = ['driver', 'model', 'os_version'] as const

/** The devices of one line of the report. What is not in the address they do not say. */
export function SoftwareDevicesPage(): ReactNode {
  const [search] = useSearchParams()
  const places = readPlaces(search)
  const said = Object.fromEntries(facts.map((fact) => [fact, search.get(fact) ?? '']))
  const asked = Object.fromEntries(
    facts.map((fact) => (said[fact] === '' ? [`${fact}__empty`, 'true'] : [fact, said[fact]])),
  )
  const offset = readOffset(search)
  const devices = useQuery({
    queryKey: ['observations', places, asked, offset],
    queryFn: () =>
      getJson<Page<Observation>>('/backups/observations/', { ...places, ...asked, limit, offset }),
  })
  const href = (to: number): string =>
    urlOf(paths.softwareDevices, { ...places, ...said, offset: to === 0 ? undefined : to })
  const title = [said['os_version'] || 'OS version not said', said['model'] || 'model not said'].join(', ')
  return (
    <>
      <p className="trail">
        <Link href={urlOf(paths.software, places)}>Software</Link>
      </p>
      <Heading title={title} />
      <Answer query={devices} what="The devices">
        {({ results, count }) =>
          count === 0 ? (
            <p className="empty">No device says so any more.</p>
          ) : (
            <>
              <ObservationTable observations={results} />
              <Pager {...{ count, offset, limit, href }} />
            </>
          )
        }
      </Answer>
    </>
  )
}

function ObservationTable({ observations }: { observations: readonly Observation[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Calls itself</th>
            <th scope="col">Serial number</th>
            <th scope="col">Said something new</th>
          </tr>
        </thead>
        <tbody>
          {observations.map(({ id, device, hostname, serial, changed }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={paths.device(device.id)}>{device.display}</Link>
              </th>
              <td>{hostname === '' ? '–' : hostname}</td>
              <td>{serial === '' ? '–' : serial}</td>
              <td>
                <Time at={changed} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
