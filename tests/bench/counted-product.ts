import { readCommandLine } from '../../local/command-line.ts'
import { startRuntime } from '../../local/runtime.ts'

/** `npm start` that counts what its functions ask of the table, and tells its parent when asked. */
export type Counts = {
  /** Items read by their keys. */
  read: number
  queries: number
  transactions: number
  /** Items written or checked, in transactions and alone. */
  written: number
}
type Asked = { TransactItems?: unknown[]; RequestItems?: Record<string, { Keys?: unknown[] } | unknown[]> }

const counts: Counts = { read: 0, queries: 0, transactions: 0, written: 0 }

const membersOf = ({ RequestItems = {} }: Asked): number =>
  Object.values(RequestItems).reduce(
    (sum, asked) => sum + (Array.isArray(asked) ? asked.length : (asked.Keys?.length ?? 0)),
    0,
  )

function count(action: string, body: string): void {
  if (action === 'GetItem') counts.read += 1
  else if (action === 'Query') counts.queries += 1
  else if (action === 'BatchGetItem') counts.read += membersOf(JSON.parse(body) as Asked)
  else if (action === 'BatchWriteItem') counts.written += membersOf(JSON.parse(body) as Asked)
  else if (action === 'TransactWriteItems') {
    counts.transactions += 1
    counts.written += (JSON.parse(body) as Asked).TransactItems?.length ?? 0
  } else if (['PutItem', 'UpdateItem', 'DeleteItem'].includes(action)) counts.written += 1
}

const { dataDir, port } = readCommandLine({ dataDir: '.data', port: 0 })
const { url, faults } = await startRuntime({ dataDir, port })
// The gateway asks for a fault at every call: a place to count them, those of a retry as well.
const take = faults.take.bind(faults)
faults.take = (service, action, input = '') => {
  if (service === 'dynamodb') count(action, input)
  return take(service, action, input)
}
process.on('message', () => process.send?.(counts))
process.stdout.write(`API     ${url}/api/\n`)
