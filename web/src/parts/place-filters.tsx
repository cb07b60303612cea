import { useQuery } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { useLocation } from 'wouter'
import { getJson } from '../api.ts'
import type { Page } from '../types.ts'
import { Failure } from './answer.tsx'
import { Select } from './select.tsx'

/** Of addresses of the console and of the API alike. */
const names = ['site_id', 'platform_id'] as const
export type Places = Partial<Record<(typeof names)[number], string>>

/** As many as the API gives at once. */
const namedMax = 1000
const staleMs = 60_000

export const readPlaces = (search: URLSearchParams): Places =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = search.get(name) ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )

type Named = { id: number; name: string }

/** The names of all sites or platforms, for what the API tells by id only. */
export const useNamed = (kind: 'sites' | 'platforms') =>
  useQuery({
    queryKey: ['named', kind],
    queryFn: () => getJson<Page<Named>>(`/dcim/${kind}/`, { fields: 'id,name', limit: namedMax }),
    staleTime: staleMs,
  })

type Props = { chosen: Places; toHref: (places: Places) => string; children?: ReactNode }

/** Chooses a site and a platform; `children` are further fields, by their names in the address. */
export function PlaceFilters({ chosen, toHref, children }: Props): ReactNode {
  const [, go] = useLocation()
  const [sites, platforms] = [useNamed('sites'), useNamed('platforms')]
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = [...new FormData(event.currentTarget)].filter(([, value]) => typeof value === 'string')
    go(toHref(Object.fromEntries(given) as Places))
  }
  const error = sites.error ?? platforms.error
  // Until the names are there an empty list would say that nothing is chosen.
  const key = JSON.stringify([chosen, sites.isSuccess, platforms.isSuccess])
  return (
    <form key={key} className="filters" aria-label="Filters" onSubmit={submit}>
      <Select
        name="site_id"
        label="Site"
        chosen={chosen.site_id}
        options={optionsOf(sites.data, chosen.site_id)}
      />
      <Select
        name="platform_id"
        label="Platform"
        chosen={chosen.platform_id}
        options={optionsOf(platforms.data, chosen.platform_id)}
      />
      {children}
      <button type="submit">Show</button>
      {error === null ? null : <Failure error={error} what="What there is to choose from" />}
    </form>
  )
}

/** With the chosen one, whether it is among those that came or not. */
function optionsOf(page: Page<Named> | undefined, chosen: string | undefined) {
  const found = page?.results.map(({ id, name }) => ({ value: String(id), label: name })) ?? []
  const isThere = chosen === undefined || found.some(({ value }) => value === chosen)
  const all = { value: '', label: 'All' }
  return [all, ...(isThere ? [] : [{ value: chosen, label: `Number ${chosen}` }]), ...found]
}
