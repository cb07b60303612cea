import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { getJson } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { LogLines } from '../parts/log-lines.tsx'
import type { LogLine, RunLog as Lines } from '../types.ts'

const pollMs = 2000
/** Messages are sent and the history is pushed after the run has ended, and tell of themselves here. */
const awaitedMs = 60_000

type Props = { id: string; isOpen: boolean; finished: string | null }

/** What the workflow did, line by line as it comes. */
export function RunLog({ id, isOpen, finished }: Props): ReactNode {
  const isAwaited = (): boolean =>
    isOpen || (finished !== null && Date.now() - Date.parse(finished) < awaitedMs)
  const log = useQuery({
    // Read once more when the run is over: a line that was written late may stand before the cursor.
    queryKey: ['run', id, 'log', isOpen],
    queryFn: ({ client, queryKey }) => readOn(id, client.getQueryData<Lines>(queryKey)),
    placeholderData: (before) => before,
    refetchInterval: () => (isAwaited() ? pollMs : false),
  })
  return (
    <section aria-label="Workflow log">
      <h2>Workflow log</h2>
      <Answer query={log} what="The log">
        {({ lines }) =>
          lines.length === 0 ? (
            <p className="note">{isOpen ? 'Nothing to tell yet.' : 'The workflow told nothing.'}</p>
          ) : (
            <Followed lines={lines} isFollowed={isOpen} />
          )
        }
      </Answer>
    </section>
  )
}

/** What is known already, and what has come since. */
async function readOn(id: string, known: Lines = { lines: [], after: null }): Promise<Lines> {
  let { lines, after } = known
  for (;;) {
    const more = await getJson<Lines>(`/backups/runs/${id}/log/`, { after: after ?? undefined })
    if (more.lines.length === 0) return { lines, after }
    lines = [...lines, ...more.lines]
    after = more.after
  }
}

type FollowedProps = { lines: readonly LogLine[]; isFollowed: boolean }

/** Shows its end, until somebody scrolls up to read. */
function Followed({ lines, isFollowed }: FollowedProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(isFollowed)
  useLayoutEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [lines.length])
  return (
    <div
      ref={box}
      className="log short"
      role="log"
      aria-label="Lines"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        // Heights are rounded.
        isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 2
      }}
    >
      <LogLines lines={lines} />
    </div>
  )
}
