import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Facts } from '../parts/facts.tsx'
import { Heading } from '../parts/heading.tsx'
import { JobButton } from '../parts/job-button.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { paths } from '../paths.ts'
import type { Page, Subscription } from '../types.ts'

const limit = 25

/** Who is told after a run, of what and how, and whether it arrives. */
export function SubscriptionsPage(): ReactNode {
  const [search] = useSearchParams()
  const offset = readOffset(search)
  const subscriptions = useQuery({
    queryKey: ['subscriptions', offset],
    queryFn: () => getJson<Page<Subscription>>('/backups/subscriptions/', { limit, offset }),
  })
  return (
    <>
      <Heading title="Subscriptions" />
      <Answer query={subscriptions} what="The subscriptions">
        {({ results, count }) =>
          count === 0 ? (
            <p className="empty">
              Nobody is told of runs yet. A subscription is created by the API:{' '}
              <code>POST /api/backups/subscriptions/</code>.
            </p>
          ) : (
            <>
              {results.map((one) => (
                <SubscriptionShown key={one.id} subscription={one} />
              ))}
              <Pager
                {...{ count, offset, limit }}
                href={(to) => urlOf(paths.subscriptions, { offset: to === 0 ? undefined : to })}
              />
            </>
          )
        }
      </Answer>
    </>
  )
}

function SubscriptionShown({ subscription: one }: { subscription: Subscription }): ReactNode {
  return (
    <section aria-label={one.name}>
      <div className="heading">
        <h2>{one.name}</h2>
        <div className="buttons">
          <JobButton
            label="Send a test message"
            name={`Send a test message to ${one.name}`}
            path={`/backups/subscriptions/${one.id}/test/`}
            renews={['jobs']}
          />
        </div>
      </div>
      <Facts
        facts={{
          Channel: one.channel.label,
          Destination: one.destination,
          'Told of': toldOf(one),
          Devices: devicesOf(one),
          Enabled: one.enabled ? 'Yes' : 'No: it gets test messages only',
          ...(one.mail_server === null ? {} : { 'Mail server': one.mail_server.display }),
          ...(one.description === '' ? {} : { Description: one.description }),
        }}
      />
    </section>
  )
}

function toldOf(one: Subscription): string {
  const told = [
    ...(one.on_change ? [one.significant_only ? 'significant changes' : 'changes'] : []),
    ...(one.on_failure ? ['failures'] : []),
    ...(one.on_noncompliance ? ['broken rules'] : []),
    ...(one.on_conflict ? ['conflicts'] : []),
  ].join(', ')
  if (told === '') return 'Nothing'
  const words = `${told.charAt(0).toUpperCase()}${told.slice(1)}`
  return one.on_change && one.include_diff ? `${words}; with diffs` : words
}

/** Both must be met where both are given. */
function devicesOf({ sites, tags }: Subscription): string {
  const named = (of: readonly { display: string }[]): string => of.map(({ display }) => display).join(', ')
  const wanted = [
    ...(sites.length === 0 ? [] : [`at ${named(sites)}`]),
    ...(tags.length === 0 ? [] : [`tagged ${named(tags)}`]),
  ].join(', ')
  return wanted === '' ? 'All' : `Those ${wanted}`
}
