import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as z from 'zod'

/**
 * Small records on disk, one JSON file each, all of them in memory too. A write is a rename, so a killed process
 * leaves the old record or the new one.
 */
export type Records<Value> = {
  get(key: string): Value | undefined
  /** Oldest first. */
  all(): Value[]
  put(key: string, value: Value): void
  remove(key: string): void
}

/** @param onUnreadable told about a file that is not a record; it is left alone. */
export function openRecords<Value>(
  folder: string,
  schema: z.ZodType<Value>,
  onUnreadable: (file: string, error: unknown) => void,
): Records<Value> {
  mkdirSync(folder, { recursive: true })
  const kept = new Map<string, Value>()
  const fileOf = (key: string): string => join(folder, `${encodeURIComponent(key)}.json`)
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.new')) rmSync(join(folder, file))
    if (!file.endsWith('.json')) continue
    try {
      const value: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      kept.set(decodeURIComponent(file.slice(0, -'.json'.length)), schema.parse(value))
    } catch (error) {
      onUnreadable(join(folder, file), error)
    }
  }
  return {
    get: (key) => kept.get(key),
    all: () => [...kept.values()],
    put(key, value) {
      kept.set(key, value)
      writeFileSync(`${fileOf(key)}.new`, JSON.stringify(value), { mode: 0o600 })
      renameSync(`${fileOf(key)}.new`, fileOf(key))
    },
    remove(key) {
      kept.delete(key)
      rmSync(fileOf(key), { force: true })
    },
  }
}
