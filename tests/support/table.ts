import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { startDynamoDb } from '../../local/dynamodb/dynoxide.ts'
import { documentOptions, dynamoTable, type DynamoTableOptions } from '../../shared/table/dynamo-table.ts'
import type { Table } from '../../shared/table/table.ts'

export type TestTable = {
  table: Table
  client: DynamoDBDocumentClient
  name: string
  endpoint: string
  stop(): Promise<void>
}

/** The table as `infra/` declares it, over a DynamoDB of its own in memory. */
export async function startTable(
  options: Omit<DynamoTableOptions, 'client' | 'name'> = {},
): Promise<TestTable> {
  // In a file, for its stream has an index there (`local/dynamodb/dynoxide.ts`); in memory all the same where it can be.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'netkeep-table-'))
  const server = await startDynamoDb(join(folder, 'table.sqlite'))
  const low = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const name = `netkeep-${crypto.randomUUID()}`
  await low.send(new CreateTableCommand(tableDefinition(name)))
  const timeToLive = { AttributeName: 'expiresAt', Enabled: true }
  await low.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: timeToLive }))
  const client = DynamoDBDocumentClient.from(low, documentOptions)
  const stop = async (): Promise<void> => {
    low.destroy()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { table: dynamoTable({ client, name, ...options }), client, name, endpoint: server.endpoint, stop }
}

function tableDefinition(name: string): CreateTableCommandInput {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const })
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [text('pk'), text('sk'), text('gsi1pk'), text('gsi1sk')],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'gsi1',
        KeySchema: [
          { AttributeName: 'gsi1pk', KeyType: 'HASH' },
          { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  }
}
