import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { mainTable } from '../../local/runtime.ts'
import { verifyChain, type ChainReport } from '../../shared/core/verify-chain.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import { until, type Product } from './product.ts'

/** The sealed log as it verifies, as soon as the sealer has caught up; `recorded` counts the changes there are. */
export async function sealedChain({ runtime, api }: Product): Promise<ChainReport & { recorded: number }> {
  const client = new DynamoDBClient(runtime.host.sdk({ kind: 'operator' }))
  const name = mainTable(runtime.resources) ?? ''
  const table = dynamoTable({ client: DynamoDBDocumentClient.from(client, documentOptions), name })
  const report = await until('every change to be sealed', async () => {
    const [sealed, { count }] = await Promise.all([
      verifyChain(table),
      api.get<{ count: number }>('/core/object-changes/?limit=1'),
    ])
    return sealed.changes >= count ? { ...sealed, recorded: count } : undefined
  })
  client.destroy()
  return report
}
