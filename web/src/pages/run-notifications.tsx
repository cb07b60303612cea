import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { getJson } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Status } from '../parts/status.tsx'
import { Time } from '../parts/time.tsx'
import type { Notification } from '../types.ts'

const pollMs = 2000
/** They are sent after the run has ended: so long nobody knows that there are none. */
const awaitedMs = 60_000

const statusWords: Record<Notification['status'], string> = {
  sending: 'Being sent',
  sent: 'Sent',
  failed: 'Failed',
}

type Props = { id: string; finished: string | null }

/** Who was told of a run that is over, of what, and what went wrong with it. */
export function RunNotifications({ id, finished }: Props): ReactNode {
  const isAwaited = (told: readonly Notification[] | undefined): boolean =>
    told === undefined ||
    told.some(({ status }) => status === 'sending') ||
    (told.length === 0 && finished !== null && Date.now() - Date.parse(finished) < awaitedMs)
  const notifications = useQuery({
    queryKey: ['run', id, 'notifications'],
    queryFn: () => getJson<Notification[]>(`/backups/runs/${id}/notifications/`),
    refetchInterval: ({ state }) => (isAwaited(state.data) ? pollMs : false),
  })
  return (
    <section aria-label="Notifications">
      <h2>Notifications</h2>
      <Answer query={notifications} what="The notifications">
        {(told) =>
          told.length === 0 ? (
            <p className="note">Nobody was told: no subscription is about what happened in this run.</p>
          ) : (
            <NotificationTable told={told} />
          )
        }
      </Answer>
    </section>
  )
}

function NotificationTable({ told }: { told: readonly Notification[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Subscription</th>
            <th scope="col">Channel</th>
            <th scope="col">Status</th>
            <th scope="col">Why</th>
            {['Attempts', 'Changed', 'Failed', 'Not compliant', 'Conflicts'].map((word) => (
              <th key={word} scope="col" className="number">
                {word}
              </th>
            ))}
            <th scope="col">At</th>
          </tr>
        </thead>
        <tbody>
          {told.map(({ subscription, channel, status, attempts, at, error, ...counts }) => (
            <tr key={subscription.id}>
              <th scope="row">{subscription.name}</th>
              <td>{channel}</td>
              <td>
                <Status value={status} label={statusWords[status]} />
              </td>
              <td className="why">{error ?? '–'}</td>
              <td className="number">{attempts}</td>
              <td className="number">{counts.changed}</td>
              <td className="number">{counts.failed}</td>
              <td className="number">{counts.noncompliant}</td>
              <td className="number">{counts.conflicts}</td>
              <td>
                <Time at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
