import type { Excerpt } from './excerpt.ts'

/** A configuration that has the pattern in it. */
export type Found = Excerpt & {
  deviceId: number
  sequence: number
  collectedAt: string
  /** Matching lines, those included that are not shown. */
  count: number
}

export type Gathering = {
  /**
   * Notes that a configuration was searched, and what was found in it.
   * @param place where the next page would go on. @returns true when it is enough for one answer.
   */
  take(place: string, found: Found | undefined): boolean
  result(): Gathered
}

export type Gathered = {
  found: Found[]
  /** Configurations that were searched. */
  searched: number
  /** Why it ended, and where the next page goes on; absent when all was searched. */
  stopped?: { by: 'page' | 'time'; after: string }
}

/** A Lambda answers 6 MB; as JSON a character may take several bytes, and a line has its numbers besides. */
const charactersMax = 1_000_000

/** Collects until a page is full or time is up; at least one configuration is searched, so that pages come to an end. */
export function gathering({ limit, isLate }: { limit: number; isLate: () => boolean }): Gathering {
  const found: Found[] = []
  let searched = 0
  let characters = 0
  let stopped: Gathered['stopped']
  return {
    take(place, one) {
      searched += 1
      if (one !== undefined) {
        found.push(one)
        characters += one.characters
      }
      const isFull = found.length >= limit || characters >= charactersMax
      if (isFull || isLate()) stopped = { by: isFull ? 'page' : 'time', after: place }
      return stopped !== undefined
    },
    result: () => ({ found, searched, ...(stopped === undefined ? {} : { stopped }) }),
  }
}
