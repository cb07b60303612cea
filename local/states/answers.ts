import * as z from 'zod'
import type { Execution } from './executions.ts'
import type { MapRun } from './map-runs.ts'

/** The AWS JSON protocol writes times as seconds since 1970. */
export const seconds = (at: string): number => new Date(at).getTime() / 1000

export function summaryOf(execution: Execution): Record<string, unknown> {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.stateMachineArn,
    name: execution.name,
    status: execution.status,
    startDate: seconds(execution.startedAt),
    ...(execution.stoppedAt !== undefined && { stopDate: seconds(execution.stoppedAt) }),
  }
}

export function describeExecution(execution: Execution): Record<string, unknown> {
  const { input, output, error, cause } = execution
  return {
    ...summaryOf(execution),
    input,
    output,
    error,
    cause,
    inputDetails: { included: true },
    redriveCount: 0,
  }
}

export function childrenOf(mapRun: MapRun): Record<string, unknown>[] {
  return mapRun.children
    .filter((child) => child.status !== 'PENDING')
    .map((child) => ({
      executionArn: child.arn,
      stateMachineArn: mapRun.stateMachineArn,
      mapRunArn: mapRun.arn,
      name: child.name,
      status: child.status,
      startDate: seconds(child.startedAt ?? mapRun.startedAt),
      ...(child.stoppedAt !== undefined && { stopDate: seconds(child.stoppedAt) }),
      itemCount: child.items,
    }))
}

/** The token is the place in the list, as AWS's are opaque texts. */
export const Page = z.object({
  maxResults: z.int().min(0).max(1000).default(100),
  nextToken: z.string().regex(/^\d+$/).optional(),
})

export function pageOf(
  member: string,
  rows: readonly unknown[],
  page: z.infer<typeof Page>,
): Record<string, unknown> {
  const from = Number(page.nextToken ?? 0)
  const to = from + (page.maxResults || 100)
  return { [member]: rows.slice(from, to), ...(to < rows.length && { nextToken: String(to) }) }
}
