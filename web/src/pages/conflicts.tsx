import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { fieldWords, stateWords } from '../conflict-words.ts'
import { Answer } from '../parts/answer.tsx'
import { Chips, readChip } from '../parts/chips.tsx'
import { Heading } from '../parts/heading.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { PlaceFilters, readPlaces } from '../parts/place-filters.tsx'
import { DownloadButton } from '../parts/take-away.tsx'
import { paths } from '../paths.ts'
import type { Conflicts } from '../types.ts'
import { ConflictList } from './conflict-list.tsx'
import type { ConflictFilters } from './decide-conflicts.tsx'

const limit = 50
const root = '/backups/conflicts/'

/** Where devices say something else of themselves than the inventory. Those nobody has decided on, at first. */
export function ConflictsPage(): ReactNode {
  const [search] = useSearchParams()
  const places = readPlaces(search)
  const filters: ConflictFilters = {
    state: readChip(search, 'state', stateWords) ?? 'new',
    field: readChip(search, 'field', fieldWords),
    ...places,
  }
  const offset = readOffset(search)
  const conflicts = useQuery({
    queryKey: ['conflicts', filters, offset],
    queryFn: () => getJson<Conflicts>(root, { ...filters, limit, offset }),
    placeholderData: keepPreviousData,
  })
  const href = (to: number): string =>
    urlOf(paths.conflicts, { ...filters, offset: to === 0 ? undefined : to })
  return (
    <>
      <Heading title="Conflicts">
        <div className="buttons">
          <DownloadButton
            label="Download CSV"
            path={urlOf(root, { ...filters, export: 'csv' })}
            name="conflicts.csv"
            media="text/csv"
          />
        </div>
      </Heading>
      <Chips
        name="Filter by state"
        words={stateWords}
        chosen={filters.state}
        toHref={(state) => urlOf(paths.conflicts, { ...filters, state })}
      />
      <Chips
        name="Filter by field"
        words={fieldWords}
        chosen={filters.field}
        toHref={(field) => urlOf(paths.conflicts, { ...filters, field })}
        all="All"
      />
      <PlaceFilters chosen={places} toHref={(chosen) => urlOf(paths.conflicts, { ...filters, ...chosen })} />
      <Answer query={conflicts} what="The conflicts">
        {(page) => (
          <>
            <ConflictList key={href(offset)} page={page} filters={filters} />
            {page.count === 0 ? null : <Pager count={page.count} {...{ offset, limit, href }} />}
          </>
        )}
      </Answer>
    </>
  )
}
