import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { documentOptions, dynamoTable } from '../shared/table/dynamo-table.ts'
import { createAdmin } from '../shared/users/create-admin.ts'
import { mainTable, type Runtime } from './runtime.ts'

/** A DynamoDB and who asks it. */
export type Reached = {
  endpoint: string
  region: string
  tableName: string
  accessKeyId: string
  secretAccessKey: string
}

/** Makes an administrator, if there is none of this name, and a new API token for it. */
export async function issueAdminToken(reached: Reached, username: string): Promise<string> {
  const { endpoint, region, tableName, accessKeyId, secretAccessKey } = reached
  const client = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } })
  try {
    const documents = DynamoDBDocumentClient.from(client, documentOptions)
    const table = dynamoTable({ client: documents, name: tableName })
    return await createAdmin({ table, now: () => new Date() }, username)
  } finally {
    client.destroy()
  }
}

/** The same for a runtime in this process. */
export function adminToken({ host, resources }: Runtime, username = 'admin'): Promise<string> {
  const { endpoint, region, credentials } = host.sdk({ kind: 'operator' })
  return issueAdminToken(
    { endpoint, region, tableName: mainTable(resources) ?? '', ...credentials },
    username,
  )
}
