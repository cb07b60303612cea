import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Facts } from '../parts/facts.tsx'
import { Heading } from '../parts/heading.tsx'
import { JobButton } from '../parts/job-button.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { Status } from '../parts/status.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { GitRemote, Page, RemoteState } from '../types.ts'

const limit = 25
const pollMs = 15_000

const words: Record<RemoteState['status'], string> = {
  never: 'Never pushed',
  current: 'Current',
  behind: 'Behind',
  failing: 'Failing',
}

/** Where the history is pushed to, and how far each of them is. */
export function RemotesPage(): ReactNode {
  const [search] = useSearchParams()
  const offset = readOffset(search)
  const remotes = useQuery({
    queryKey: ['remotes', offset],
    queryFn: () => getJson<Page<GitRemote>>('/backups/git-remotes/', { limit, offset }),
  })
  return (
    <>
      <Heading title="Git remotes" />
      <Answer query={remotes} what="The git remotes">
        {({ results, count }) =>
          count === 0 ? (
            <p className="empty">
              The history is pushed nowhere yet. A git remote is created by the API:{' '}
              <code>POST /api/backups/git-remotes/</code>.
            </p>
          ) : (
            <>
              {results.map((remote) => (
                <Remote key={remote.id} remote={remote} />
              ))}
              <Pager
                {...{ count, offset, limit }}
                href={(to) => urlOf(paths.remotes, { offset: to === 0 ? undefined : to })}
              />
            </>
          )
        }
      </Answer>
    </>
  )
}

function Remote({ remote }: { remote: GitRemote }): ReactNode {
  const { id, name } = remote
  const queryKey = ['remote', id, 'state']
  const state = useQuery({
    queryKey,
    queryFn: () => getJson<RemoteState>(`/backups/git-remotes/${id}/state/`),
    refetchInterval: pollMs,
  })
  return (
    <section aria-label={name}>
      <div className="heading">
        <h2>{name}</h2>
        <div className="buttons">
          <JobButton
            label="Push now"
            name={`Push now to ${name}`}
            path={`/backups/git-remotes/${id}/push/`}
            renews={queryKey}
          />
        </div>
      </div>
      <Answer query={state} what="Its state">
        {(data) => <RemoteFacts remote={remote} state={data} />}
      </Answer>
    </section>
  )
}

function RemoteFacts({ remote, state }: { remote: GitRemote; state: RemoteState }): ReactNode {
  const { status, error } = state
  return (
    <>
      <p>
        <Status value={status} label={words[status]} />
        {remote.enabled ? null : <span className="note"> switched off: pushed to only when asked for</span>}
      </p>
      {error === null ? null : (
        <p className="failure">
          <code>{error.reason}</code> {error.message}
          {state.failures > 1 ? ` (${state.failures} times in a row)` : ''}
        </p>
      )}
      <Facts
        facts={{
          Address: remote.remote_url,
          Branch: remote.branch,
          'Last pushed': <Time at={state.pushed_at} />,
          'Last attempt': <Time at={state.attempted_at} />,
          'Its commit': <Commit commit={state.commit} />,
          'Newest commit here': <Commit commit={state.head} />,
        }}
      />
    </>
  )
}

const Commit = ({ commit }: { commit: string | null }): ReactNode =>
  commit === null ? '–' : <code>{commit.slice(0, 12)}</code>
