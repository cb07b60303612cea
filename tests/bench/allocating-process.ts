import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createEngine } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import { raceFor, type Race } from '../support/allocations.ts'
import { seal } from '../support/engine.ts'

/** One of several processes that allocate from one parent at the same time; what came of it goes to standard output. */
const { name, endpoint, ...race } = JSON.parse(process.argv[2] ?? '{}') as Race & {
  name: string
  endpoint: string
}
const low = new DynamoDBClient({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})
const table = dynamoTable({ client: DynamoDBDocumentClient.from(low, documentOptions), name })
const engine = createEngine({ table, registry, seal, now: () => new Date() })
process.stdout.write(JSON.stringify(await raceFor([engine], { ...race, copies: 1 })))
low.destroy()
