import type { TemplateResources } from './template/resources.ts'

/**
 * The frame of the embedded cloud: what a hosted service is, and what the host offers it.
 * A service never starts a server of its own: it plugs into the gateway and asks the host for the rest.
 */

/** Who makes a call. The runtime itself and `npm run create-admin` are the operator: nothing is denied to it. */
export type Caller =
  | { kind: 'role'; roleArn: string; functionArn?: string }
  /** An AWS service acting by a resource policy, such as `events.amazonaws.com` through AWS::Lambda::Permission. */
  | { kind: 'service'; principal: string; sourceArn: string }
  | { kind: 'operator' }

/** One permission a call needs. `context` holds condition keys, such as `iam:PassedToService`. */
export type Need = { action: string; resource: string; context?: Record<string, string | string[]> }

export type ServiceContext = { caller: Caller; requestId: string }

export type ServiceAction = {
  /** The ARNs the caller's policies are checked against; `['*']` where the action knows no resource. */
  resources(input: Record<string, unknown>): string[]
  /** Condition keys of the call, such as `kms:EncryptionContext:<name>`. */
  conditions?(input: Record<string, unknown>): Record<string, string | string[]>
  /** Further permissions, such as iam:PassRole for the role of a schedule. */
  alsoNeeds?(input: Record<string, unknown>): Need[]
  run(input: Record<string, unknown>, context: ServiceContext): Promise<unknown>
}

/** REST-JSON services only: `{Name}` in the path becomes the member `Name` of the input. */
export type ServiceRoute = { method: string; path: string; action: string }

export type LocalService = {
  /** The signing name of the credential scope: `states`, `events`, `scheduler`, `kms` … also the IAM prefix. */
  name: string
  /** By the name of the API action, for example `StartExecution`. Empty for a service without an API. */
  actions: Readonly<Record<string, ServiceAction>>
  /**
   * JSON-protocol services (x-amz-target) and those of the query protocol leave it out. Otherwise the input is
   * `{ ...query, ...body, ...path }`, repeated query parameters as arrays.
   */
  routes?: readonly ServiceRoute[]
  /** Called once every service is known and the tables, buckets and queues stand. */
  start?(): Promise<void>
  /** Ends timers and work in flight; called before the functions and the stores stop. */
  stop?(): Promise<void>
}

export type InvokeOptions = {
  caller: Caller
  /**
   * `sync` waits for the result. `event` is accepted at once and then run with Lambda's own two retries
   * and the function's dead-letter queue or onFailure destination; it survives a crash of the runtime.
   */
  mode?: 'sync' | 'event'
  /** Ends the invocation early, as when an execution is stopped. */
  signal?: AbortSignal
}

export type InvokeResult = {
  statusCode: number
  /** Present when the function threw, timed out or crashed. */
  functionError?: 'Unhandled'
  /** JSON text: the result, or `{ errorType, errorMessage, trace }`. */
  payload: string
  requestId: string
}

/** A call to any hosted or forwarded JSON-protocol service, authorised as `caller`. */
export type HostRequest = { caller: Caller; service: string; action: string; input: Record<string, unknown> }

export type SdkConfig = {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  /** The endpoint is an IP address: buckets cannot be host names. */
  forcePathStyle: true
}

/** An event for a bus: `id`, `time`, `account`, `region` and `version` are filled in where left out. */
export type BusEvent = {
  source: string
  'detail-type': string
  detail: Record<string, unknown>
  resources?: string[]
  time?: string
  /** Name or ARN; the default bus where left out. */
  busName?: string
}

/**
 * A fault for tests. Matches calls by service and action (`*` = any), at most `times` times (default 1).
 * A synchronous invocation is `service: 'lambda', action: 'Invoke'`, its input the function's ARN and the payload.
 */
export type Fault = {
  service: string
  action: string
  /** Only calls whose input, as text, contains this. */
  containing?: string
  times?: number
  /** Of the matching calls, drawn at random: from above 0 to 1 (default 1). */
  share?: number
  effect:
    | { kind: 'throttle' }
    /** A write of DynamoDB meets another transaction. */
    | { kind: 'conflict' }
    | { kind: 'error'; status: number; code: string; message?: string }
    | { kind: 'delay'; delayMs: number }
    /** The call is carried out, then answered 500. */
    | { kind: 'applied_but_failed' }
    /** Delivered twice: `service: 'events' | 'lambda' | 'sources' | 'scheduler'`, `action: 'deliver'`. */
    | { kind: 'duplicate' }
}

export type Faults = {
  add(fault: Fault): void
  clear(): void
  /** The next matching fault, counted as used; undefined when there is none. */
  take(service: string, action: string, input?: string): Fault['effect'] | undefined
}

/** Something that AWS would charge for, as it is used. */
export type Use =
  /** An answered call. Of S3 the input is `{ Bucket, Key }` and there is no answer. */
  | {
      kind: 'call'
      caller: Caller
      service: string
      action: string
      input: Readonly<Record<string, unknown>>
      answer?: string
    }
  /** A state that was entered or tried again, or the start of an execution, those of a Distributed Map included. */
  | { kind: 'transition'; stateMachineArn: string }
  /** An invocation of a function, however it ended. */
  | { kind: 'invocation'; functionArn: string; ms: number }

/** One JSON line per call in `<dataDir>/logs/runtime.log`. */
export type HostLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void

export type Host = {
  /** Each service keeps its files in `<dataDir>/<service name>/`. */
  dataDir: string
  region: string
  account: string
  resources: TemplateResources
  now: () => Date
  log: HostLog
  faults: Faults
  /** Is told of everything that AWS would charge for. */
  used: (use: Use) => void

  /** Refused with a ServiceError AccessDenied… when the caller may not `lambda:InvokeFunction`. */
  invoke(functionArn: string, payload: unknown, options: InvokeOptions): Promise<InvokeResult>
  /** Through the gateway's own door: checked, forwarded to the store or run by the in-process service. */
  request(request: HostRequest): Promise<Record<string, unknown>>
  /** @throws ServiceError AccessDeniedException naming function, role, action and resource. */
  authorize(caller: Caller, action: string, resource: string): Promise<void>
  /** For real SDK clients (S3 above all): endpoint and credentials of a role, or of the operator. */
  sdk(caller: Caller): SdkConfig
  /** Hands the event to the bus service. */
  publishEvent(event: BusEvent): Promise<void>
  /** Calls the listener after each successful write to the table, so that pollers need not be eager. */
  onTableWrite(tableName: string, listener: () => void): () => void
  /** The same for queues: after SendMessage(Batch). */
  onQueueSend(queueArn: string, listener: () => void): () => void
}

/** What a service answers when it refuses. `code` is AWS's own, for example `ExecutionAlreadyExists`. */
export class ServiceError extends Error {
  readonly code: string
  readonly status: number
  /** Further members of the answer, for example CancellationReasons. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, status = 400, members: Record<string, unknown> = {}) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.members = members
  }
}
