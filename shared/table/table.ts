import type * as z from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { Key } from './keys.ts'

/** An item as it is stored: its keys, a `version` where it is changed later, and its fields. */
export type Item = Key & { version?: number } & Record<string, unknown>

/**
 * One member of a transaction. Each condition carries the error that its failure means:
 * the transaction then throws exactly that one.
 */
export type Write =
  | { put: Item; ifAbsent: ErrorCode; detail?: string }
  | { put: Item; ifVersion: number; otherwise: ErrorCode; detail?: string }
  /** For items that only their writer knows, such as a change record under a fresh id. */
  | { put: Item; unconditionally: true }
  | { remove: Key; ifVersion: number; otherwise: ErrorCode; detail?: string }
  | { remove: Key; ifPresent: ErrorCode; detail?: string }
  | { remove: Key; unconditionally: true }
  | { check: Key; isPresent: ErrorCode; detail?: string }
  /** There, and with the version that was seen: null where it had none. */
  | { check: Key; isPresent: ErrorCode; seenVersion: number | null; detail?: string }
  | { check: Key; isAbsent: ErrorCode; detail?: string }
  | { check: Key; isVersion: number; otherwise: ErrorCode; detail?: string }

export type Range = {
  partition: string
  index?: 'gsi1'
  /** Sort keys from here (inclusive) … */
  from?: string
  /** … to here (inclusive). Cannot be joined with `prefix`. */
  to?: string
  prefix?: string
  newestFirst?: boolean
  /** At most this many items (default: all, page by page). */
  limit?: number
  /** Only these attributes. What is read costs the same, and is sent and parsed in a part of the time. */
  attributes?: readonly string[]
}

/**
 * The one table. Reads by key and by partition are strongly consistent (an index cannot be).
 * @throws AppError the failed condition's own code; `write_conflict` when conflicts outlast the retries;
 * `unavailable` when the service does not answer.
 */
export type Table = {
  get<T>(schema: z.ZodType<T>, key: Key): Promise<T | undefined>
  /** In the order of the keys; undefined where there is no item. Any number of keys. */
  getMany<T>(schema: z.ZodType<T>, keys: readonly Key[]): Promise<(T | undefined)[]>
  query<T>(schema: z.ZodType<T>, range: Range): AsyncIterable<T>
  /** How many items of the range have this value; costs what reading the range costs, but nothing is sent. */
  count(range: Omit<Range, 'limit' | 'attributes'>, where: { name: string; value: string }): Promise<number>
  /** At most 100 writes, all or none. */
  write(writes: readonly Write[]): Promise<void>
}
