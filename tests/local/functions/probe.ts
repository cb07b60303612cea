import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod'

/** Does on request what functions do, well and badly; for the tests of the local runtime. */

const Order = z.looseObject({
  do: z.string(),
  key: z.string().optional(),
  value: z.string().optional(),
  size: z.number().optional(),
  ms: z.number().optional(),
})
type Order = z.infer<typeof Order>

type Context = Record<string, unknown> & { getRemainingTimeInMillis(): number }

let invocations = 0
let crowd = 0

const deeds: Record<string, (order: Order, context: Context) => unknown> = {
  echo: (order) => order,
  context: (_order, context) => ({ ...context, remainingMs: context.getRemainingTimeInMillis() }),
  environment: () => ({ ...process.env }),
  count: () => (invocations += 1),
  print: ({ value }) => {
    console.log(value)
    console.log(JSON.stringify({ level: 'INFO', message: 'structured', value }))
  },
  throw: ({ value }) => {
    throw Object.assign(new Error(value), { name: 'unreachable' })
  },
  sleep: ({ ms }) => new Promise((resolve) => setTimeout(() => resolve('slept'), ms)),
  /** How many are at it when this one begins. */
  crowd: async ({ ms }) => {
    crowd += 1
    const seen = crowd
    await new Promise((resolve) => setTimeout(resolve, ms))
    crowd -= 1
    return seen
  },
  spin: () => {
    for (;;);
  },
  exit: () => process.exit(7),
  fillMemory: () => {
    const held: number[][] = []
    for (;;) held.push(Array.from({ length: 100_000 }, (_, at) => at))
  },
  large: ({ size = 0 }) => 'x'.repeat(size),
  putItem: async ({ key = '', value = '' }) => {
    const Item = { pk: { S: key }, sk: { S: '.' }, value: { S: value } }
    await new DynamoDBClient().send(new PutItemCommand({ TableName: process.env['TABLE'], Item }))
  },
  getItem: async ({ key = '' }) => {
    const Key = { pk: { S: key }, sk: { S: '.' } }
    const { Item } = await new DynamoDBClient().send(
      new GetItemCommand({ TableName: process.env['TABLE'], Key }),
    )
    return Item ?? null
  },
  putObject: async ({ key = '', value = '' }) => {
    await new S3Client().send(new PutObjectCommand({ Bucket: process.env['BUCKET'], Key: key, Body: value }))
  },
  getObject: async ({ key = '' }) => {
    const { Body } = await new S3Client().send(
      new GetObjectCommand({ Bucket: process.env['BUCKET'], Key: key }),
    )
    return Body?.transformToString()
  },
}

export async function handler(event: unknown, context: Context): Promise<unknown> {
  const order = Order.parse(event)
  return deeds[order.do]?.(order, context)
}
