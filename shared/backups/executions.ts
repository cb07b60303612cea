/** The execution of a run that was asked for. */
export const executionName = (runId: number): string => `run-${runId}`
