/** What the pool and a worker thread say to each other. */
export type Invocation = {
  id: number
  /** JSON text: a function gets its own copy of its event, as on Lambda. */
  event: string
  requestId: string
  deadlineAt: number
}

export type WorkerAnswer =
  | { kind: 'ready' }
  | { kind: 'result'; id: number; payload: string }
  | { kind: 'error'; id: number; payload: string }
  /** The module could not be loaded or has no such handler. */
  | { kind: 'broken'; payload: string }

export type WorkerSetup = {
  entryUrl: string
  handler: string
  functionName: string
  functionArn: string
  memoryMegabytes: number
}

export type FunctionErrorBody = { errorType: string; errorMessage: string; trace?: string[] }
