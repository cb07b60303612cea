/**
 * How a state fails. `name` is the error that Retry and Catch match, `message` the cause.
 * The library asks `isRetryable` and `isCatchable`; without them it takes both as true.
 */
export class StateFailure extends Error {
  readonly isRetryable: boolean
  readonly isCatchable: boolean

  constructor(error: string, cause: string, options: { terminal?: boolean } = {}) {
    super(cause)
    this.name = error
    this.isRetryable = options.terminal !== true
    this.isCatchable = options.terminal !== true
  }
}

/** The execution, or the map run around it, was ended from outside: nothing may retry or catch that. */
export class Stopped extends StateFailure {
  constructor() {
    super('ExecutionAborted', 'The execution was stopped.', { terminal: true })
  }
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: input or output of a task, state or execution. */
export const payloadBytesMax = 262_144

/** @throws StateFailure States.DataLimitExceeded, which States.ALL does not match. */
export function refuseLargePayload(value: unknown, stateName: string): void {
  if (Buffer.byteLength(JSON.stringify(value) ?? 'null') <= payloadBytesMax) return
  throw new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${stateName}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    { terminal: true },
  )
}

export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new Stopped()
}
