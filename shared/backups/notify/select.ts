import type { ResultHead } from '../records.ts'

/** A device that a run changed or failed at, and by what subscriptions choose it. */
export type Concerned = Pick<ResultHead, 'deviceId' | 'name' | 'status'> & {
  siteId: number | undefined
  tagIds: readonly number[]
}

export type Choice = {
  on_change: boolean
  on_failure: boolean
  sites: readonly number[]
  tags: readonly number[]
}

/** What a subscription is told of: by the event, and by site and tag where it names some. */
export function selectFor(choice: Choice, concerned: readonly Concerned[]): Concerned[] {
  return concerned.filter(({ status, siteId, tagIds }) => {
    const isEvent = status === 'changed' ? choice.on_change : status === 'failed' && choice.on_failure
    const isSite = choice.sites.length === 0 || (siteId !== undefined && choice.sites.includes(siteId))
    return isEvent && isSite && (choice.tags.length === 0 || choice.tags.some((tag) => tagIds.includes(tag)))
  })
}
