import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

type Target = { Key?: Record<string, unknown>; Item?: Record<string, unknown> }
type Member = { Put?: Target; Delete?: Target; Update?: Target; ConditionCheck?: Target }

/**
 * What DynamoDB does and its emulators do not: two transactions in flight that touch one item conflict, a condition
 * check included. The second one is cancelled. Returns the count of conflicts so far.
 */
export function emulateConflicts(client: DynamoDBDocumentClient): () => number {
  const inFlight = new Set<string>()
  let conflicts = 0
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as { TransactItems?: Member[] }
      if (input.TransactItems === undefined) return next(args)
      const keys = input.TransactItems.map(keyOf)
      const codes = keys.map((key) => (inFlight.has(key) ? 'TransactionConflict' : 'None'))
      if (codes.includes('TransactionConflict')) {
        conflicts += 1
        throw cancelled(codes)
      }
      for (const key of keys) inFlight.add(key)
      try {
        return await next(args)
      } finally {
        for (const key of keys) inFlight.delete(key)
      }
    },
    { step: 'initialize', name: 'emulateConflicts' },
  )
  return () => conflicts
}

export function cancelled(codes: readonly string[]): Error {
  const error = new Error('Transaction cancelled')
  error.name = 'TransactionCanceledException'
  return Object.assign(error, { CancellationReasons: codes.map((Code) => ({ Code })) })
}

function keyOf(member: Member): string {
  const target = member.Put ?? member.Delete ?? member.Update ?? member.ConditionCheck ?? {}
  const key = target.Key ?? target.Item ?? {}
  return JSON.stringify([key['pk'], key['sk']])
}
