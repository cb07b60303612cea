import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { PlaceFilters, type Places, readPlaces } from '../parts/place-filters.tsx'
import { DownloadButton } from '../parts/take-away.tsx'
import { Tallies } from '../parts/tallies.tsx'
import { paths } from '../paths.ts'
import type { FactReport } from '../types.ts'

const limit = 50
const root = '/backups/facts/'

/** What runs where, as the devices say it themselves. */
export function SoftwarePage(): ReactNode {
  const [search] = useSearchParams()
  const places = readPlaces(search)
  const offset = readOffset(search)
  const report = useQuery({
    queryKey: ['facts', places, offset],
    queryFn: () => getJson<FactReport>(root, { ...places, limit, offset }),
    placeholderData: keepPreviousData,
  })
  const href = (to: number): string => urlOf(paths.software, { ...places, offset: to === 0 ? undefined : to })
  return (
    <>
      <Heading title="Software">
        <div className="buttons">
          <DownloadButton
            label="Download CSV"
            path={urlOf(root, { ...places, export: 'csv' })}
            name="software.csv"
            media="text/csv"
          />
        </div>
      </Heading>
      <PlaceFilters chosen={places} toHref={(chosen) => urlOf(paths.software, chosen)} />
      <Answer query={report} what="The report">
        {({ results, count, devices, observed }) => (
          <>
            <Tallies tallies={{ Devices: devices, 'Say what they are': observed }} />
            {count === 0 ? (
              <p className="empty">
                {devices === 0
                  ? 'There is no such device.'
                  : 'None of these devices was read yet: a backup reads what it is.'}
              </p>
            ) : (
              <section aria-label="Versions">
                <SoftwareTable groups={results} places={places} />
                <Pager {...{ count, offset, limit, href }} />
              </section>
            )}
          </>
        )}
      </Answer>
    </>
  )
}

type TableProps = { groups: FactReport['results']; places: Places }

function SoftwareTable({ groups, places }: TableProps): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">OS version</th>
            <th scope="col">Model</th>
            <th scope="col">Platform</th>
            <th scope="col">Device type of the reading</th>
            <th scope="col" className="number">
              Devices
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ platform, driver, model, os_version, devices }) => {
            const platformId = platform === null ? places.platform_id : platform.id
            const asked = { ...places, platform_id: platformId, driver, model, os_version }
            return (
              <tr key={JSON.stringify(asked)}>
                <th scope="row">
                  <Link href={urlOf(paths.softwareDevices, asked)}>{nameOf(os_version)}</Link>
                </th>
                <td>{nameOf(model)}</td>
                <td>{platform?.name ?? '–'}</td>
                <td>{driver}</td>
                <td className="number">{devices.toLocaleString()}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const nameOf = (text: string): string => (text === '' ? 'Not said' : text)
