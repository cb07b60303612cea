import { useQuery } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { Status } from '../parts/status.tsx'
import { paths } from '../paths.ts'
import type { Device, Page } from '../types.ts'

const limit = 50

export function DevicesPage(): ReactNode {
  const [search] = useSearchParams()
  const q = search.get('q') ?? ''
  const offset = readOffset(search)
  const devices = useQuery({
    queryKey: ['devices', q, offset],
    queryFn: () => getJson<Page<Device>>('/dcim/devices/', { q, limit, offset }),
    placeholderData: (before) => before,
  })
  return (
    <>
      <Heading title="Devices" />
      <Search key={q} q={q} />
      <Answer query={devices} what="The devices">
        {({ results, count }) =>
          count === 0 ? (
            <Nothing q={q} />
          ) : (
            <>
              <DeviceTable devices={results} />
              <Pager
                {...{ count, offset, limit }}
                href={(to) => urlOf(paths.devices, { q, offset: to === 0 ? undefined : to })}
              />
            </>
          )
        }
      </Answer>
    </>
  )
}

function Search({ q }: { q: string }): ReactNode {
  const [, go] = useLocation()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const wanted = new FormData(event.currentTarget).get('q')
    go(urlOf(paths.devices, { q: typeof wanted === 'string' ? wanted.trim() : '' }))
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

function Nothing({ q }: { q: string }): ReactNode {
  if (q === '')
    return (
      <p className="empty">
        The inventory has no devices yet. They are created by the API: <code>POST /api/dcim/devices/</code>.
      </p>
    )
  return (
    <p className="empty">
      No device has “{q}” in its name, serial, asset tag, address or description.{' '}
      <Link href={paths.devices}>Show all</Link>
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
