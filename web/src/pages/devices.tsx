import { useQuery } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { PlaceFilters, type Places, readPlaces } from '../parts/place-filters.tsx'
import { Status } from '../parts/status.tsx'
import { paths } from '../paths.ts'
import type { Device, Page } from '../types.ts'

const limit = 50

export function DevicesPage(): ReactNode {
  const [search] = useSearchParams()
  const q = search.get('q') ?? ''
  const places = readPlaces(search)
  const offset = readOffset(search)
  const devices = useQuery({
    queryKey: ['devices', q, places, offset],
    queryFn: () => getJson<Page<Device>>('/dcim/devices/', { q, ...places, limit, offset }),
    placeholderData: (before) => before,
  })
  return (
    <>
      <Heading title="Devices" />
      <Search key={JSON.stringify([q, places])} q={q} places={places} />
      <PlaceFilters chosen={places} toHref={(chosen) => urlOf(paths.devices, { q, ...places, ...chosen })} />
      <Answer query={devices} what="The devices">
        {({ results, count }) =>
          count === 0 ? (
            <Nothing q={q} isNarrowed={Object.keys(places).length > 0} />
          ) : (
            <>
              <DeviceTable devices={results} />
              <Pager
                {...{ count, offset, limit }}
                href={(to) => urlOf(paths.devices, { q, ...places, offset: to === 0 ? undefined : to })}
              />
            </>
          )
        }
      </Answer>
    </>
  )
}

function Search({ q, places }: { q: string; places: Places }): ReactNode {
  const [, go] = useLocation()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const wanted = new FormData(event.currentTarget).get('q')
    go(urlOf(paths.devices, { q: typeof wanted === 'string' ? wanted.trim() : '', ...places }))
  }
  return (
    <form className="search" role="search" onSubmit={submit}>
      <label htmlFor="q">Name, serial, asset tag or address</label>
      <div>
        <input id="q" name="q" type="search" defaultValue={q} spellCheck={false} />
        <button type="submit">Search</button>
      </div>
    </form>
  )
}

function Nothing({ q, isNarrowed }: { q: string; isNarrowed: boolean }): ReactNode {
  const all = <Link href={paths.devices}>Show all</Link>
  if (q === '' && isNarrowed)
    return <p className="empty">No device is at this site with this platform. {all}</p>
  if (q === '')
    return (
      <p className="empty">
        The inventory has no devices yet. They are created by the API: <code>POST /api/dcim/devices/</code>.
      </p>
    )
  return (
    <p className="empty">
      No device {isNarrowed ? 'at this site with this platform ' : ''}has “{q}” in its name, serial, asset
      tag, address or description. {all}
    </p>
  )
}

function DeviceTable({ devices }: { devices: readonly Device[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Status</th>
            <th scope="col">Site</th>
            <th scope="col">Platform</th>
            <th scope="col">Address</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <tr key={device.id}>
              <th scope="row">
                <Link href={paths.device(device.id)}>{device.name}</Link>
              </th>
              <td>
                <Status value={device.status.value} label={device.status.label} />
              </td>
              <td>{device.site.display}</td>
              <td>{device.platform?.display ?? '–'}</td>
              <td>{device.management_address ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
