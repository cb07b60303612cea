import type { Caller, Use } from '../../../local/service.ts'

/** What one function used, or the state machines themselves (`workflow`), or the runtime. */
export type Used = {
  invocations: number
  invokedMs: number
  longestMs: number
  tableCalls: number
  itemsWritten: number
  writeUnits: number
  readUnits: number
  /** By the first part of their key, such as `configs`. */
  puts: Record<string, number>
  gets: number
  kms: number
  transitions: number
}
export type Metered = { used: Record<string, Used> }

type Meter = {
  used: (use: Use) => void
  /** What was used since the last time, by the name of who used it. */
  take: (nameOf: (functionArn: string) => string) => Metered
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'])
const putting = new Set([
  'PutObject',
  'CopyObject',
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
])

/** Adds up what AWS would charge for. */
export function createMeter(): Meter {
  let byUser = new Map<string, Used>()
  const of = (user: string): Used => {
    const found = byUser.get(user) ?? nothing()
    byUser.set(user, found)
    return found
  }
  return {
    used(use) {
      if (use.kind === 'transition') of('workflow').transitions += 1
      else if (use.kind === 'call') addCall(of(userOf(use.caller)), use)
      else {
        const user = of(use.functionArn)
        user.invocations += 1
        user.invokedMs += use.ms
        user.longestMs = Math.max(user.longestMs, use.ms)
      }
    },
    take(nameOf) {
      const used = Object.fromEntries(
        [...byUser].map(([user, sums]) => [user === 'workflow' ? user : nameOf(user), sums]),
      )
      byUser = new Map()
      return { used }
    },
  }
}

const nothing = (): Used => ({
  invocations: 0,
  invokedMs: 0,
  longestMs: 0,
  tableCalls: 0,
  itemsWritten: 0,
  writeUnits: 0,
  readUnits: 0,
  puts: {},
  gets: 0,
  kms: 0,
  transitions: 0,
})

/** A role without a function is the state machine's: it reads work lists and writes results. */
function userOf(caller: Caller): string {
  if (caller.kind !== 'role') return ''
  return caller.functionArn ?? 'workflow'
}

function addCall(user: Used, { service, action, input, answer = '' }: Extract<Use, { kind: 'call' }>): void {
  if (service === 'kms') user.kms += 1
  if (service === 's3') {
    const [part = ''] = String(input['Key']).split('/')
    if (putting.has(action)) user.puts[part] = (user.puts[part] ?? 0) + 1
    else user.gets += 1
  }
  if (service !== 'dynamodb') return
  user.tableCalls += 1
  const units = unitsIn(answer)
  if (!writes.has(action)) user.readUnits += units
  else {
    user.writeUnits += units
    const members = input['TransactItems']
    user.itemsWritten += Array.isArray(members) ? members.length : 1
  }
}

/** DynamoDB's own count. One answer names each table it touched. */
function unitsIn(answer: string): number {
  const told = answer.slice(answer.lastIndexOf('"ConsumedCapacity"'))
  const found = told.matchAll(/"CapacityUnits":\s*([\d.]+)/g)
  return [...found].reduce((sum, [, units]) => sum + Number(units), 0)
}
