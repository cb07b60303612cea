import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createEngine } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import { raceFor, type Outcome, type Race } from '../support/allocations.ts'
import { seal } from '../support/engine.ts'
import { countCost, type Cost } from './allocation-cost.ts'

/** One of several processes that allocate from one parent at the same time; what came of it goes to standard output. */
export type Reported = { outcome: Outcome; cost: Cost }

const { name, ...race } = JSON.parse(process.argv[2] ?? '{}') as Race & { name: string }
const low = new DynamoDBClient({})
const client = DynamoDBDocumentClient.from(low, documentOptions)
const { cost, onConsumed, watch } = countCost()
watch(client)
const table = dynamoTable({ client, name, onConsumed })
const engine = createEngine({ table, registry, seal, now: () => new Date() })
const outcome = await raceFor([engine], { ...race, copies: 1 })
process.stdout.write(JSON.stringify({ outcome, cost } satisfies Reported))
low.destroy()
