import * as z from 'zod'
import type { IndexResource, KeyPart, TableResource } from '../template/resources.ts'
import type { DynamoDbClient } from './dynamodb-client.ts'

const api = 'DynamoDB_20120810'

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }))
const Description = z.object({
  Table: z.object({
    KeySchema,
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string(), KeySchema })).default([]),
  }),
})

/**
 * Makes the template's tables where they are missing. A table whose keys or indexes differ from the template's is
 * not altered: on AWS that would be a replacement, and here too it must be asked for (`--reset`).
 */
export async function createTables(client: DynamoDbClient, tables: readonly TableResource[]): Promise<void> {
  await Promise.all(tables.map((table) => createTable(client, table)))
}

async function createTable(client: DynamoDbClient, table: TableResource): Promise<void> {
  const found = await client.send(`${api}.DescribeTable`, JSON.stringify({ TableName: table.name }))
  if (found.status === 200) return compare(table, Description.parse(JSON.parse(found.body)))
  await call(client, 'CreateTable', definitionOf(table))
  if (table.expiryAttribute !== undefined) {
    const TimeToLiveSpecification = { AttributeName: table.expiryAttribute, Enabled: true }
    await call(client, 'UpdateTimeToLive', { TableName: table.name, TimeToLiveSpecification })
  }
}

/** What CreateTable is told. */
export function definitionOf(table: TableResource): Record<string, unknown> {
  const parts = [table, ...table.indexes].flatMap(({ partition, sort }) =>
    sort ? [partition, sort] : [partition],
  )
  const typeOf = new Map(parts.map(({ name, type }) => [name, type]))
  return {
    TableName: table.name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...typeOf].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: keySchema(table),
    ...(table.indexes.length === 0 ? {} : { GlobalSecondaryIndexes: table.indexes.map(indexDefinition) }),
    ...(table.streamView === undefined
      ? {}
      : { StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamView } }),
  }
}

function indexDefinition(index: IndexResource): Record<string, unknown> {
  return { IndexName: index.name, KeySchema: keySchema(index), Projection: index.projection }
}

function keySchema({ partition, sort }: { partition: KeyPart; sort?: KeyPart }): z.infer<typeof KeySchema> {
  return [
    { AttributeName: partition.name, KeyType: 'HASH' },
    ...(sort === undefined ? [] : [{ AttributeName: sort.name, KeyType: 'RANGE' }]),
  ]
}

function compare(table: TableResource, { Table }: z.infer<typeof Description>): void {
  const shape = (
    keys: z.infer<typeof KeySchema>,
    indexes: { IndexName: string; KeySchema: z.infer<typeof KeySchema> }[],
  ) => JSON.stringify([keys, indexes.toSorted((a, b) => a.IndexName.localeCompare(b.IndexName))])
  const wanted = shape(
    keySchema(table),
    table.indexes.map((index) => ({ IndexName: index.name, KeySchema: keySchema(index) })),
  )
  if (wanted === shape(Table.KeySchema, Table.GlobalSecondaryIndexes)) return
  throw new Error(
    `The table ${table.name} in the data folder has other keys or indexes than the template. Start with --reset to make it anew.`,
  )
}

async function call(client: DynamoDbClient, action: string, input: Record<string, unknown>): Promise<void> {
  const { status, body } = await client.send(`${api}.${action}`, JSON.stringify(input))
  if (status !== 200) throw new Error(`DynamoDB refused ${action}: ${body}`)
}
