import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import type * as z from 'zod'
import { atMost } from '../concurrency.ts'
import { AppError } from '../errors.ts'
import type { Key } from './keys.ts'
import { queryInput } from './query-input.ts'
import { backOff, retryAttemptsMax, withRetries, type RetryClock } from './retry.ts'
import type { Range, Table, Write } from './table.ts'

/** What one call cost, as DynamoDB counts it (read or write units). */
export type Consumed = { operation: 'get' | 'getMany' | 'query' | 'put' | 'write'; units: number }

export type DynamoTableOptions = {
  /** Made with `documentOptions`. */
  client: DynamoDBDocumentClient
  name: string
  sleep?: RetryClock['sleep']
  random?: RetryClock['random']
  onConsumed?: (consumed: Consumed) => void
}

/** Members that are undefined are left out, as JSON does. */
export const documentOptions = { marshallOptions: { removeUndefinedValues: true } } as const

/** Limits of DynamoDB: members of one transaction, keys of one batch. */
export const transactionItemsMax = 100
const batchKeysMax = 100
/** A page of a thousand rows is ten batches: asked for one after the other, they would be most of its time. */
const batchesAtOnce = 4

type Context = Required<Omit<DynamoTableOptions, 'sleep' | 'random'>> & { clock: RetryClock }

/** The one table over DynamoDB. */
export function dynamoTable(options: DynamoTableOptions): Table {
  const context: Context = {
    client: options.client,
    name: options.name,
    onConsumed: options.onConsumed ?? (() => {}),
    clock: { sleep: options.sleep ?? wait, random: options.random ?? Math.random },
  }
  return {
    get: (schema, key) => get(context, schema, key),
    getMany: (schema, keys) => getMany(context, schema, keys),
    query: (schema, range) => query(context, schema, range),
    count: (range, where) => count(context, range, where),
    write: (writes) => write(context, writes),
  }
}

async function get<T>(context: Context, schema: z.ZodType<T>, key: Key): Promise<T | undefined> {
  const command = new GetCommand({
    TableName: context.name,
    Key: { pk: key.pk, sk: key.sk },
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
  })
  const answer = await withRetries(context.clock, [], () => context.client.send(command))
  consumed(context, 'get', [answer.ConsumedCapacity])
  return answer.Item === undefined ? undefined : schema.parse(answer.Item)
}

async function getMany<T>(
  context: Context,
  schema: z.ZodType<T>,
  keys: readonly Key[],
): Promise<(T | undefined)[]> {
  const unique = new Map(keys.map((key) => [keyText(key), { pk: key.pk, sk: key.sk }]))
  const wanted = [...unique.values()]
  const found = new Map<string, T>()
  const batches = Array.from({ length: Math.ceil(wanted.length / batchKeysMax) }, (_, index) =>
    wanted.slice(index * batchKeysMax, (index + 1) * batchKeysMax),
  )
  const inTurn = atMost(batchesAtOnce)
  const take = (item: Record<string, unknown>): void => {
    found.set(keyText(item as Key), schema.parse(item))
  }
  await Promise.all(batches.map((batch) => inTurn(() => getBatch(context, batch, take))))
  return keys.map((key) => found.get(keyText(key)))
}

/** DynamoDB answers what fits 16 MB and what is not throttled, and names the rest. */
async function getBatch(
  context: Context,
  keys: Key[],
  take: (item: Record<string, unknown>) => void,
): Promise<void> {
  let pending: Record<string, unknown>[] = keys
  let withoutProgress = 0
  while (pending.length > 0) {
    const command = new BatchGetCommand({
      RequestItems: { [context.name]: { Keys: pending, ConsistentRead: true } },
      ReturnConsumedCapacity: 'TOTAL',
    })
    const answer = await withRetries(context.clock, [], () => context.client.send(command))
    consumed(context, 'getMany', answer.ConsumedCapacity)
    for (const item of answer.Responses?.[context.name] ?? []) take(item)
    const rest = answer.UnprocessedKeys?.[context.name]?.Keys ?? []
    withoutProgress = rest.length < pending.length ? 0 : withoutProgress + 1
    if (withoutProgress >= retryAttemptsMax) throw new AppError('unavailable')
    pending = rest
    if (pending.length > 0) await backOff(context.clock, withoutProgress + 1)
  }
}

async function* query<T>(context: Context, schema: z.ZodType<T>, range: Range): AsyncIterable<T> {
  let left = range.limit ?? Infinity
  let start: Record<string, unknown> | undefined
  do {
    const command = new QueryCommand(queryInput(context.name, range, { left, start }))
    const answer = await withRetries(context.clock, [], () => context.client.send(command))
    consumed(context, 'query', [answer.ConsumedCapacity])
    const items = answer.Items ?? []
    for (const item of items) yield schema.parse(item)
    left -= items.length
    start = answer.LastEvaluatedKey
  } while (start !== undefined && left > 0)
}

async function count(
  context: Context,
  range: Range,
  { name, value }: { name: string; value: string },
): Promise<number> {
  let found = 0
  let start: Record<string, unknown> | undefined
  do {
    const input = queryInput(context.name, range, { left: Infinity, start })
    const command = new QueryCommand({
      ...input,
      Select: 'COUNT',
      FilterExpression: '#name = :value',
      ExpressionAttributeNames: { ...input.ExpressionAttributeNames, '#name': name },
      ExpressionAttributeValues: { ...input.ExpressionAttributeValues, ':value': value },
    })
    const answer = await withRetries(context.clock, [], () => context.client.send(command))
    consumed(context, 'query', [answer.ConsumedCapacity])
    found += answer.Count ?? 0
    start = answer.LastEvaluatedKey
  } while (start !== undefined)
  return found
}

/**
 * A lone unconditional put is a plain one, at half the price. Everything else is a transaction: its token makes a
 * retry safe after a write that was applied but reported as failed (the same token within 10 minutes succeeds again:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
 */
async function write(context: Context, writes: readonly Write[]): Promise<void> {
  const [first] = writes
  if (first === undefined) return
  if (writes.length > transactionItemsMax) throw new Error(`a transaction of ${writes.length} items`)
  if (writes.length === 1 && 'put' in first && 'unconditionally' in first) {
    const command = new PutCommand({
      TableName: context.name,
      Item: first.put,
      ReturnConsumedCapacity: 'TOTAL',
    })
    const answer = await withRetries(context.clock, writes, () => context.client.send(command))
    consumed(context, 'put', [answer.ConsumedCapacity])
    return
  }
  const command = new TransactWriteCommand({
    TransactItems: writes.map((member) => transactItem(context.name, member)),
    ClientRequestToken: randomUUID(),
    ReturnConsumedCapacity: 'TOTAL',
  })
  const answer = await withRetries(context.clock, writes, () => context.client.send(command))
  consumed(context, 'write', answer.ConsumedCapacity)
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

function transactItem(TableName: string, member: Write): TransactItem {
  if ('put' in member) return { Put: { TableName, Item: member.put, ...conditionOf(member) } }
  if ('remove' in member) return { Delete: { TableName, Key: keyOf(member.remove), ...conditionOf(member) } }
  return {
    ConditionCheck: { TableName, Key: keyOf(member.check), ...checkOf(member) },
  }
}

const present = { ConditionExpression: 'attribute_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }
const absent = { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }

const presentUnversioned = {
  ConditionExpression: 'attribute_exists(#pk) AND attribute_not_exists(#version)',
  ExpressionAttributeNames: { '#pk': 'pk', '#version': 'version' },
}

const atVersion = (version: number) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
})

function checkOf(member: Extract<Write, { check: Key }>) {
  if ('isVersion' in member) return atVersion(member.isVersion)
  if ('seenVersion' in member)
    return member.seenVersion === null ? presentUnversioned : atVersion(member.seenVersion)
  return 'isPresent' in member ? present : absent
}

function conditionOf(member: Exclude<Write, { check: Key }>): Record<string, unknown> {
  if ('ifVersion' in member) return atVersion(member.ifVersion)
  if ('ifAbsent' in member) return absent
  return 'ifPresent' in member ? present : {}
}

const keyOf = ({ pk, sk }: Key): Record<string, string> => ({ pk, sk })
const keyText = ({ pk, sk }: Key): string => `${pk}\n${sk}`

function consumed(
  context: Context,
  operation: Consumed['operation'],
  capacities: readonly ({ CapacityUnits?: number | undefined } | undefined)[] | undefined,
): void {
  const units = (capacities ?? []).reduce((sum, capacity) => sum + (capacity?.CapacityUnits ?? 0), 0)
  context.onConsumed({ operation, units })
}
