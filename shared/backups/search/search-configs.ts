import type * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { matchDevices } from '../matched-devices.ts'
import type { configSearchRoutes } from './routes.ts'
import { type Gathered, gathering } from './gathering.ts'
import { readPattern } from './pattern.ts'
import { searchCurrent } from './search-current.ts'
import { searchHistory } from './search-history.ts'
import type { ShardReader } from './shards.ts'

export type SearchStores = { engine: Engine; archive: ObjectStore; shards: ShardReader; now: () => Date }

type Route = (typeof configSearchRoutes)['searchConfigs']
type Asked = z.output<Route['query']>

/**
 * What is searched is what may be shown: redacted texts, of devices that are in the inventory. A secret is in none of
 * them, so no question finds one, nor tells by its answer whether it was guessed.
 * @throws AppError `validation_failed` for what is no expression, no filter's value, or not our `after`.
 */
export async function searchConfigs(stores: SearchStores, asked: Asked): Promise<z.input<Route['response']>> {
  const { engine } = stores
  // Before anything is read: a request that cannot be answered costs nothing.
  const pattern = await readPattern({ q: asked.q, regex: asked.regex, caseSensitive: asked.case })
  const after = readAfter(asked)
  refuseTimesOfNow(asked)
  const devices = await matchDevices(engine, asked)
  const names = new Map(devices.map(({ id, name }) => [id, name]))
  const deadline = stores.now().getTime() + asked.seconds * 1000
  const gathered = gathering({ limit: asked.limit, isLate: () => stores.now().getTime() > deadline })
  const search = { pattern, devices: new Set(names.keys()), context: asked.context, lines: asked.lines }
  if (asked.history) {
    const place = after && { deviceId: after[0], sequence: after[1] }
    const range = { since: moment(asked.since), until: moment(asked.until) }
    const texts = { table: engine.table, archive: stores.archive }
    await searchHistory(texts, { ...search, ...range, after: place }, gathered)
  } else {
    const place = after && { shard: after[0], deviceId: after[1] }
    await searchCurrent({ table: engine.table, shards: stores.shards }, { ...search, after: place }, gathered)
  }
  return show(gathered.result(), names)
}

function readAfter({ after, history }: Asked): [number, number] | undefined {
  if (after === undefined) return undefined
  const [, kind, first, second] = /^([ch])\.(\d{1,16})\.(-?\d{1,16})$/.exec(after) ?? []
  if (kind === (history ? 'h' : 'c')) return [Number(first), Number(second)]
  const message = 'This is not the "after" of an answer to the same question.'
  throw new AppError('validation_failed', message, { issues: [{ path: 'after', message }] })
}

function refuseTimesOfNow({ history, since, until }: Asked): void {
  if (history) return
  const issues = Object.entries({ since, until }).flatMap(([path, time]) =>
    time === undefined ? [] : [{ path, message: 'Only the history has a time: ask for it with history=1.' }],
  )
  if (issues.length > 0) throw new AppError('validation_failed', undefined, { issues })
}

/** Times are compared as texts, so each is written in the one way the table has. */
const moment = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : new Date(text).toISOString()

function show({ found, searched, stopped }: Gathered, names: ReadonlyMap<number, string>) {
  return {
    searched,
    stopped: stopped?.by ?? null,
    after: stopped?.after ?? null,
    results: found.map(({ deviceId, sequence, collectedAt, count, lines }) => ({
      device: { id: deviceId, name: names.get(deviceId) ?? String(deviceId) },
      version: sequence,
      collected: collectedAt,
      count,
      lines,
    })),
  }
}
