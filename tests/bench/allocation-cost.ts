import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Consumed } from '../../shared/table/dynamo-table.ts'

/** What a race asked of the table: calls that read, write units, transactions that were cancelled. */
export type Cost = { reads: number; writeUnits: number; cancelled: number }

export const addCosts = (costs: readonly Cost[]): Cost => ({
  reads: sum(costs.map(({ reads }) => reads)),
  writeUnits: sum(costs.map(({ writeUnits }) => writeUnits)),
  cancelled: sum(costs.map(({ cancelled }) => cancelled)),
})

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

export function countCost(): {
  cost: Cost
  onConsumed: (consumed: Consumed) => void
  watch: (client: DynamoDBDocumentClient) => void
} {
  const cost: Cost = { reads: 0, writeUnits: 0, cancelled: 0 }
  return {
    cost,
    onConsumed({ operation, units }) {
      if (operation === 'write' || operation === 'put') cost.writeUnits += units
      else cost.reads += 1
    },
    watch(client) {
      client.middlewareStack.add(
        (next) => async (args) => {
          try {
            return await next(args)
          } catch (cause) {
            if (cause instanceof Error && cause.name === 'TransactionCanceledException') cost.cancelled += 1
            throw cause
          }
        },
        { step: 'initialize', name: 'countCancelled' },
      )
    },
  }
}
