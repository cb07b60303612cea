import * as z from 'zod'
import type { DynamoDbClient, JsonAnswer } from '../dynamodb/dynamodb-client.ts'
import { type Need, ServiceError } from '../service.ts'
import type { TableResource } from '../template/resources.ts'
import { type Conflicts, createConflicts, type WriteKind } from './conflicts.ts'
import type { Input, JsonCall, JsonDoor } from './door.ts'

const attributes = z.record(z.string(), z.unknown())
const Member = z.object({ TableName: z.string(), Item: attributes.optional(), Key: attributes.optional() })
const TransactItems = z.array(z.record(z.string(), Member))
const RequestItems = z.record(z.string(), z.unknown())
const BatchWrites = z.record(
  z.string(),
  z.array(
    z.object({
      PutRequest: z.object({ Item: attributes }).optional(),
      DeleteRequest: z.object({ Key: attributes }).optional(),
    }),
  ),
)

/** What each member of a transaction needs (IAM actions of DynamoDB transactions, developer guide). */
const memberActions: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}
const plainWrites = new Set(['PutItem', 'UpdateItem', 'DeleteItem'])
/** Creating and altering tables is the template's business; the operator's tools may look. */
const tableActions = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'DescribeTable',
  'DescribeTimeToLive',
])

type Item = { table: string; key: string }

/** DynamoDB: authorises per item and index, emulates TransactionConflict, tells of writes, forwards the rest. */
export function createDynamoDbDoor(
  client: DynamoDbClient,
  tables: readonly TableResource[],
  written: (tableName: string) => void,
): JsonDoor {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const conflicts = createConflicts()
  return {
    needs: (action, input) => needsOf(byName, action, input),
    async run(call) {
      const items = itemsWritten(byName, call)
      const entered = enter(conflicts, items, kindOf(call.action))
      try {
        const answer = await client.send(call.target, call.body)
        if (answer.status === 200 && call.action !== 'TransactGetItems')
          for (const table of new Set(items.map((item) => item.table))) written(table)
        return answer
      } finally {
        entered.release()
      }
    },
  }
}

function kindOf(action: string): WriteKind {
  if (action === 'TransactGetItems') return 'read'
  return action === 'TransactWriteItems' ? 'transaction' : 'plain'
}

function enter(conflicts: Conflicts, items: readonly Item[], kind: WriteKind): { release(): void } {
  const keys = items.map(({ table, key }) => `${table} ${key}`)
  const entered = conflicts.enter(keys, kind)
  if ('release' in entered) return entered
  if (kind === 'plain') throw new ServiceError('TransactionConflictException', conflictMessage)
  throw cancellation(items.map((_item, position) => entered.conflicts.has(position)))
}

const conflictMessage = 'Transaction is ongoing for the item'

/** What a write is told whose first item another one holds. */
export function conflictOf(action: string, { TransactItems: members }: Input): ServiceError {
  if (!action.startsWith('Transact')) return new ServiceError('TransactionConflictException', conflictMessage)
  return cancellation(TransactItems.parse(members).map((_member, position) => position === 0))
}

/** A transaction that met others: which of its items did. */
function cancellation(isConflicting: readonly boolean[]): ServiceError {
  const CancellationReasons = isConflicting.map((one) =>
    one ? { Code: 'TransactionConflict', Message: conflictMessage } : { Code: 'None' },
  )
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ')
  return new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons },
  )
}

function needsOf(tables: Map<string, TableResource>, action: string, input: Input): Need[] {
  const arnOf = (name: unknown): string => {
    const table = String(name).split('/').at(-1) ?? ''
    // A table outside the template is denied rather than not found, as on AWS where no policy names it.
    return tables.get(table)?.arn ?? `arn:aws:dynamodb:::table/${table}`
  }
  if (action.startsWith('Transact')) {
    const needs = TransactItems.parse(input['TransactItems']).flatMap((member) =>
      Object.entries(member).map(
        ([kind, { TableName }]) => `${memberActions[kind] ?? kind} ${arnOf(TableName)}`,
      ),
    )
    return [...new Set(needs)].map(needOf)
  }
  if (action === 'BatchGetItem' || action === 'BatchWriteItem')
    return Object.keys(RequestItems.parse(input['RequestItems'])).map((table) =>
      needOf(`${action} ${arnOf(table)}`),
    )
  if (tableActions.has(action)) {
    const index = typeof input['IndexName'] === 'string' ? `/index/${input['IndexName']}` : ''
    return [needOf(`${action} ${arnOf(input['TableName'])}${index}`)]
  }
  if (action === 'ListTables') return [needOf('ListTables *')]
  throw new ServiceError(
    'UnknownOperationException',
    `dynamodb:${action} is not offered by the local runtime`,
  )
}

function needOf(pair: string): Need {
  const space = pair.indexOf(' ')
  return { action: `dynamodb:${pair.slice(0, space)}`, resource: pair.slice(space + 1) }
}

function itemsWritten(tables: Map<string, TableResource>, { action, input }: JsonCall): Item[] {
  const item = (table: string, from: Record<string, unknown> | undefined): Item => {
    const { partition, sort } = tables.get(table) ?? { partition: { name: '' }, sort: undefined }
    return {
      table,
      key: JSON.stringify([from?.[partition.name], sort === undefined ? null : from?.[sort.name]]),
    }
  }
  if (action.startsWith('Transact')) {
    return TransactItems.parse(input['TransactItems']).flatMap((member) =>
      Object.values(member).map(({ TableName, Item, Key }) => item(TableName, Item ?? Key)),
    )
  }
  if (action === 'BatchWriteItem') {
    return Object.entries(BatchWrites.parse(input['RequestItems'])).flatMap(([table, writes]) =>
      writes.map(({ PutRequest, DeleteRequest }) => item(table, PutRequest?.Item ?? DeleteRequest?.Key)),
    )
  }
  if (!plainWrites.has(action)) return []
  const { TableName, Item, Key } = Member.parse(input)
  return [item(TableName, Item ?? Key)]
}

/** Streams have their own API; reading one is the business of the runtime's own pollers, with the role checked. */
export function createStreamsDoor(client: DynamoDbClient): JsonDoor {
  return {
    needs: (action, input) => [
      {
        action: `dynamodb:${action}`,
        resource: typeof input['StreamArn'] === 'string' ? input['StreamArn'] : '*',
      },
    ],
    run: (call): Promise<JsonAnswer> => client.send(call.target, call.body),
  }
}
