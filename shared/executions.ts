/** Executions of one workflow, as the product sees them. `functions/lib/executions.ts` implements it. */
export type Executions = {
  /** A name that is running with the same input already is no error: the start was delivered twice. */
  start(name: string, input: unknown): Promise<void>
  stop(execution: string, why: { error: string; cause: string }): Promise<void>
  isRunning(execution: string): Promise<boolean>
  arnOf(name: string): string
}

/** What `stop` is told when a person cancels. */
export const cancelledError = 'Cancelled'
