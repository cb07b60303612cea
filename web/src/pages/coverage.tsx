import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Chips, readChip } from '../parts/chips.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { PlaceFilters, type Places, readPlaces } from '../parts/place-filters.tsx'
import { Select } from '../parts/select.tsx'
import { Tallies } from '../parts/tallies.tsx'
import { paths } from '../paths.ts'
import type { Coverage } from '../types.ts'
import { CoveredDevices, standingWords } from './covered-devices.tsx'

const limit = 50
const pollMs = 30_000

/** How old a backup may be, in hours: a night and a bit, as the API has it by itself, and longer. */
const ages = { 26: '26 hours', 72: '3 days', 168: '7 days', 720: '30 days' } as const

type Filters = Places & {
  standing: keyof typeof standingWords | undefined
  category: string | undefined
  max_age_hours: string | undefined
}

function readFilters(search: URLSearchParams): Filters {
  const category = search.get('category') ?? undefined
  return {
    // A cause is one of those that fail.
    standing: category === undefined ? readChip(search, 'standing', standingWords) : 'failing',
    category,
    max_age_hours: search.get('max_age_hours') ?? undefined,
    ...readPlaces(search),
  }
}

/** Which devices have no good backup, and why. At first those whose last one failed. */
export function CoveragePage(): ReactNode {
  const [search] = useSearchParams()
  const filters = readFilters(search)
  const standing = filters.standing ?? 'failing'
  const offset = readOffset(search)
  const coverage = useQuery({
    queryKey: ['coverage', filters, offset],
    queryFn: () => getJson<Coverage>('/backups/coverage/', { ...filters, standing, limit, offset }),
    placeholderData: keepPreviousData,
    refetchInterval: pollMs,
  })
  const href = (to: number): string =>
    urlOf(paths.coverage, { ...filters, offset: to === 0 ? undefined : to })
  return (
    <>
      <Heading title="Coverage" />
      <PlaceFilters chosen={filters} toHref={(chosen) => urlOf(paths.coverage, { ...filters, ...chosen })}>
        <Select
          name="max_age_hours"
          label="Fresh for"
          chosen={filters.max_age_hours ?? '26'}
          options={ageOptions(filters.max_age_hours)}
        />
      </PlaceFilters>
      <Answer query={coverage} what="The coverage">
        {(data) => (
          <>
            <Tallies tallies={{ Devices: data.total, ...talliesOf(data) }} />
            <Causes coverage={data} filters={filters} />
            <section aria-label="Devices">
              <div className="heading">
                <h2>Devices</h2>
                <Chips
                  name="Filter by standing"
                  words={standingWords}
                  chosen={standing}
                  toHref={(to) => urlOf(paths.coverage, { ...filters, category: undefined, standing: to })}
                />
              </div>
              <CoveredDevices devices={data.results} count={data.count} standing={standing} />
              {data.count === 0 ? null : <Pager count={data.count} {...{ offset, limit, href }} />}
            </section>
          </>
        )}
      </Answer>
    </>
  )
}

/** With that of the address, whether it is one of them or not. */
function ageOptions(chosen: string | undefined) {
  const options = Object.entries(ages).map(([value, label]) => ({ value, label }))
  const isThere = chosen === undefined || chosen in ages
  return isThere ? options : [...options, { value: chosen, label: `${chosen} hours` }]
}

const talliesOf = ({ standings }: Coverage): Record<string, number> =>
  Object.fromEntries(
    Object.entries(standingWords).map(([standing, words]) => [
      words,
      standings[standing as keyof typeof standingWords],
    ]),
  )

type CausesProps = { coverage: Coverage; filters: Filters }

/** Why devices fail, the most frequent cause first. */
function Causes({ coverage: { failing_by: byCause }, filters }: CausesProps): ReactNode {
  const causes = Object.entries(byCause).toSorted(([, a], [, b]) => b - a)
  if (causes.length === 0) return null
  const isAll = filters.category === undefined && (filters.standing ?? 'failing') === 'failing'
  const href = (category: string | undefined): string =>
    urlOf(paths.coverage, { ...filters, standing: 'failing', category })
  return (
    <section aria-label="Causes">
      <h2>Failing by cause</h2>
      <nav className="chips" aria-label="Filter by cause">
        <Link href={href(undefined)} aria-current={isAll ? 'true' : undefined}>
          All
        </Link>
        {causes.map(([cause, count]) => (
          <Link key={cause} href={href(cause)} aria-current={filters.category === cause ? 'true' : undefined}>
            <code>{cause}</code> {count.toLocaleString()}
          </Link>
        ))}
      </nav>
    </section>
  )
}
