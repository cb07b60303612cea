import { useQuery } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { ConfigsFound } from '../types.ts'

type Found = ConfigsFound['results'][number]
type Asked = Record<(typeof parameters)[number], string>

/** Of the page's address and of the API alike. */
const parameters = ['q', 'regex', 'case', 'history', 'after'] as const
const context = 1

export function SearchPage(): ReactNode {
  const [address] = useSearchParams()
  const asked = Object.fromEntries(parameters.map((name) => [name, address.get(name) ?? ''])) as Asked
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: () => getJson<ConfigsFound>('/backups/search/', { ...asked, context }),
    enabled: asked.q !== '',
  })
  return (
    <>
      <Heading title="Search configurations" />
      <SearchForm key={JSON.stringify(asked)} asked={asked} />
      {asked.q === '' ? null : (
        <Answer query={found} what="The search">
          {(data) => <Results found={data} asked={asked} />}
        </Answer>
      )}
    </>
  )
}

function SearchForm({ asked }: { asked: Asked }): ReactNode {
  const [, go] = useLocation()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const q = given.get('q')
    go(
      urlOf(paths.search, {
        q: typeof q === 'string' ? q : '',
        regex: given.has('regex') ? '1' : '',
        case: given.has('folded') ? '0' : '',
        history: given.has('history') ? '1' : '',
      }),
    )
  }
  return (
    <form className="search" role="search" onSubmit={submit}>
      <label htmlFor="q">A line has</label>
      <div>
        <input id="q" name="q" type="search" defaultValue={asked.q} spellCheck={false} required />
        <button type="submit">Search</button>
      </div>
      <div>
        <label>
          <input type="checkbox" name="regex" defaultChecked={asked.regex === '1'} /> Regular expression
        </label>
        <label>
          <input type="checkbox" name="folded" defaultChecked={asked.case === '0'} /> Upper and lower case
          alike
        </label>
        <label>
          <input type="checkbox" name="history" defaultChecked={asked.history === '1'} /> All stored versions
        </label>
      </div>
    </form>
  )
}

function Results({ found, asked }: { found: ConfigsFound; asked: Asked }): ReactNode {
  const { results, after, stopped, searched } = found
  return (
    <>
      <p className="note">
        {results.length} of {searched} configurations{asked.after === '' ? '' : ' of this page'} have it.
        {stopped === 'time' ? ' The time for one answer was over.' : ''}
      </p>
      {results.map((one) => (
        <FoundConfig key={`${one.device.id} ${one.version}`} found={one} />
      ))}
      {after === null ? null : (
        <nav className="pager" aria-label="Pages">
          <Link href={urlOf(paths.search, { ...asked, after })}>Search on</Link>
        </nav>
      )}
    </>
  )
}

function FoundConfig({ found }: { found: Found }): ReactNode {
  const { device, version, collected, count, lines } = found
  return (
    <section aria-label={device.name}>
      <h2>
        <Link href={paths.version(device.id, version)}>{device.name}</Link>
      </h2>
      <p className="note">
        {count} {count === 1 ? 'line' : 'lines'}, version {version} of <Time at={collected} />
      </p>
      <div className="config">
        <pre className="numbers" aria-hidden="true">
          {lines.map(({ number }) => number).join('\n')}
        </pre>
        <pre className="text">
          {lines.map((line) => (
            <Line key={line.number} line={line} />
          ))}
        </pre>
      </div>
    </section>
  )
}

/** With each match marked. */
function Line({ line: { text, matches } }: { line: Found['lines'][number] }): ReactNode {
  return (
    <>
      {matches.map(([start, end], index) => (
        <span key={start}>
          {text.slice(matches[index - 1]?.[1] ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(matches.at(-1)?.[1] ?? 0)}
      {'\n'}
    </>
  )
}
