import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Authorizer } from './gateway/authorizer.ts'
import type { CredentialRegistry } from './gateway/credentials.ts'
import type { JsonRequest } from './gateway/json-calls.ts'
import { outputOf } from './gateway/json-calls.ts'
import type { AsyncQueue } from './lambda/async-queue.ts'
import type { Functions } from './lambda/functions.ts'
import {
  type BusEvent,
  type Caller,
  type Faults,
  type Host,
  type HostLog,
  type InvokeResult,
  type SdkConfig,
  ServiceError,
} from './service.ts'
import type { TemplateResources } from './template/resources.ts'

export const account = '000000000000'

/** What the host stands on. `call` and `publish` are known only once the services are: see `startRuntime`. */
export type HostParts = {
  dataDir: string
  region: string
  endpoint: string
  resources: TemplateResources
  now: () => Date
  log: HostLog
  faults: Faults
  used: Host['used']
  authorizer: Authorizer
  credentials: CredentialRegistry
  functions: Functions
  asyncQueue: AsyncQueue
  signals: Signals
  call: (request: JsonRequest) => Promise<{ status: number; body: string }>
  publish: (event: BusEvent) => Promise<void>
}

/** Who waits for writes, by the table's name or the queue's ARN. */
export type Signals = EventEmitter<Record<string, []>>

export function createSignals(): Signals {
  // Every poller of a table listens: no leak to warn of.
  return new EventEmitter<Record<string, []>>().setMaxListeners(0)
}

/** x-amz-target prefixes of the forwarded services. */
const targets: Record<string, string> = {
  dynamodb: 'DynamoDB_20120810',
  dynamodbstreams: 'DynamoDBStreams_20120810',
  sqs: 'AmazonSQS',
}

export function createHost(parts: HostParts): Host {
  const { dataDir, region, resources, now, log, faults, used, authorizer, functions, asyncQueue, signals } =
    parts
  const listen = (name: string, listener: () => void): (() => void) => {
    signals.on(name, listener)
    return () => signals.off(name, listener)
  }
  return {
    dataDir,
    region,
    account,
    resources,
    now,
    log,
    faults,
    used,
    async invoke(functionArn, payload, { caller, mode, signal }) {
      await authorizer.require(caller, [{ action: 'lambda:InvokeFunction', resource: functionArn }])
      const text = JSON.stringify(payload) ?? 'null'
      if (mode === 'event')
        return { statusCode: 202, payload: '', requestId: asyncQueue.accept(functionArn, text) }
      const effect = faults.take('lambda', 'Invoke', `${functionArn} ${text}`)
      if (effect?.kind === 'throttle')
        throw new ServiceError('TooManyRequestsException', 'Rate Exceeded (injected)', 429)
      // The environment died: no line of the handler ran.
      if (effect?.kind === 'error') return crashed(effect.code)
      const outcome = await functions.run(functionArn, text, signal === undefined ? {} : { signal })
      if (effect?.kind === 'applied_but_failed')
        throw new ServiceError('ServiceException', 'The answer was lost (injected)', 500)
      return { statusCode: 200, ...outcome }
    },
    async request({ caller, service, action, input }) {
      const body = JSON.stringify(input)
      const target = `${targets[service] ?? service}.${action}`
      return outputOf(
        await parts.call({ service, target, action, input, body, caller, requestId: randomUUID() }),
      )
    },
    authorize: (caller, action, resource) => authorizer.require(caller, [{ action, resource }]),
    sdk: (caller) => sdkConfig(parts, caller),
    publishEvent: (event) => parts.publish(event),
    onTableWrite: listen,
    onQueueSend: listen,
  }
}

function crashed(errorType: string): InvokeResult {
  const payload = JSON.stringify({ errorType, errorMessage: 'injected' })
  return { statusCode: 200, functionError: 'Unhandled', payload, requestId: randomUUID() }
}

function sdkConfig({ endpoint, region, credentials }: HostParts, caller: Caller): SdkConfig {
  return { endpoint, region, credentials: credentials.issue(caller), forcePathStyle: true }
}
