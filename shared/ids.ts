import { randomInt } from 'node:crypto'

/**
 * Ids are integers below 2^53, so that JSON and every client carry them whole, and grow with time: 41 bits of
 * milliseconds since 2026-01-01 (69 years) and 12 low bits. Within one process they never repeat; across processes
 * `attribute_not_exists` guards them.
 */
const idEpochMs = Date.UTC(2026, 0, 1)
const lowValues = 4096

export type IdSource = {
  next(): number
}

/** @param now the clock; @param firstLow where the low bits start in a new millisecond (random by default). */
export function idSource(now: () => Date, firstLow: () => number = () => randomInt(lowValues / 2)): IdSource {
  let lastMs = -1
  let low = 0
  return {
    next() {
      const ms = now().getTime() - idEpochMs
      if (ms > lastMs) {
        lastMs = ms
        low = firstLow()
      } else {
        low += 1
      }
      // The low bits of this millisecond are used up, or the clock went back: run ahead of it.
      if (low >= lowValues) {
        lastMs += 1
        low = 0
      }
      return lastMs * lowValues + low
    },
  }
}

/** The smallest id of a moment: where a range of time begins. */
export const firstIdAt = (at: Date): number => Math.max(0, at.getTime() - idEpochMs) * lowValues

/** Nothing was written before. */
export const idEpoch = new Date(idEpochMs)

export const timeOfId = (id: number): Date => new Date(idEpochMs + Math.floor(id / lowValues))

const digits = 16

/** An id as text that sorts like the number. */
export const sortableId = (id: number): string => String(id).padStart(digits, '0')

/**
 * A change's id as a sort key: in the order of time, and never the same for two changes, since an object has each
 * of its versions once.
 */
export const changeKeyOf = (changeId: number, objectId: number, version: number): string =>
  `${sortableId(changeId)}#${objectId}#${version}`

/** What `changeKeyOf` wrote. */
export function readChangeKey(key: string): { objectId: number; version: number } {
  const [, objectId, version] = key.split('#')
  return { objectId: Number(objectId), version: Number(version) }
}
