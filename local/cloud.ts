import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createAuthorizer } from './gateway/authorizer.ts'
import type { CredentialRegistry } from './gateway/credentials.ts'
import type { JsonDoor } from './gateway/door.ts'
import { createFaults } from './gateway/faults.ts'
import type { GatewayDoors } from './gateway/gateway.ts'
import { createHostedDoor } from './gateway/hosted-door.ts'
import { callJson, outputOf } from './gateway/json-calls.ts'
import { createS3Door } from './gateway/s3-door.ts'
import { account, createHost, type Signals } from './host.ts'
import { AsyncQueue } from './lambda/async-queue.ts'
import { reservedEnvironment } from './lambda/environment.ts'
import { createFunctions, type Functions } from './lambda/functions.ts'
import type { BusEvent, Caller, Faults, Host, HostLog, Need } from './service.ts'
import { createServices, type Services } from './services.ts'
import type { Stores } from './stores.ts'
import type { FunctionResource, TemplateResources } from './template/resources.ts'

/** What stands before the services do. */
export type Foundation = {
  dataDir: string
  projectDir: string
  region: string
  endpoint: string
  resources: TemplateResources
  credentials: CredentialRegistry
  signals: Signals
  stores: Stores
  now: () => Date
  log: HostLog
  used: Host['used']
  asyncRetryAfterMs: readonly number[] | undefined
  workflowSecondMs: number | undefined
}

export type Cloud = {
  host: Host
  faults: Faults
  services: Services
  functions: Functions
  doors: GatewayDoors
  /** Starts the services and takes up what a killed runtime left. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Where events go: the bus is one of the services that the stores come before. */
export type Bus = { publish: (event: BusEvent) => Promise<void> }

type Call = GatewayDoors['call']

/** Everything above the stores: permissions, functions, the hosted services and what the gateway lets in. */
export function buildCloud(foundation: Foundation, bus: Bus): Cloud {
  const { resources, stores, log, used } = foundation
  const faults = createFaults()
  const denied = (caller: Caller, need: Need): void => log('warn', 'denied', { caller, ...need })
  const authorizer = createAuthorizer(resources, account, denied)
  const functions = functionsOf(foundation)
  const doors = new Map<string, JsonDoor>(stores.doors)
  const call: Call = (request) => callJson({ doors, authorizer, faults, used }, request)
  const asyncQueue = asyncQueueOf(foundation, { functions, faults, call })
  const publish = (event: BusEvent): Promise<void> => bus.publish(event)
  const host = createHost({ ...foundation, faults, authorizer, functions, asyncQueue, call, publish })
  const services = createServices(host, foundation.workflowSecondMs)
  bus.publish = (event) => services.events.publish(event)
  for (const service of services.all)
    if (Object.keys(service.actions).length > 0) doors.set(service.name, createHostedDoor(service))
  const restServices = services.all.filter(({ routes }) => routes !== undefined)
  return {
    host,
    faults,
    services,
    functions,
    doors: {
      call,
      s3: createS3Door({ s3: stores.s3, buckets: resources.buckets, authorizer, faults, denied, used }),
      restServices: new Map(restServices.map((service) => [service.name, service])),
    },
    async start() {
      // First: what the services' own start hands over must not be taken for something left behind.
      asyncQueue.resume()
      for (const service of services.all) await service.start?.()
    },
    async stop() {
      for (const service of services.all.toReversed()) await service.stop?.()
      await asyncQueue.stop()
      await functions.stop()
    },
  }
}

/** Who runs as this function. */
function callerOf({ roleArn, arn }: FunctionResource): Caller {
  return { kind: 'role', roleArn, functionArn: arn }
}

/**
 * The collector keeps a CPU busy with SSH; a second worker lets it use the second one. On AWS each batch has a container
 * to itself; of more batches than these in one thread, the sessions would keep it from answering S3 in time.
 */
const cpuBoundEntry = 'functions/tasks/collect-devices.ts'
const cpuBounds = { workers: 2, invocations: 20 }

function functionsOf(foundation: Foundation): Functions {
  const { resources, projectDir, dataDir, now, log, used, credentials, region, endpoint } = foundation
  return createFunctions({
    resources: resources.functions,
    projectDir,
    logDir: join(dataDir, 'logs'),
    reservedEnvironment: (resource) =>
      reservedEnvironment(resource, {
        region,
        endpoint,
        projectDir,
        credentials: credentials.issue(callerOf(resource)),
      }),
    now,
    log,
    used,
    boundsOf: ({ entry }) => (entry === cpuBoundEntry ? cpuBounds : undefined),
  })
}

type QueueParts = { functions: Functions; faults: Faults; call: Call }

function asyncQueueOf(foundation: Foundation, { functions, faults, call }: QueueParts): AsyncQueue {
  const { dataDir, resources, now, log, asyncRetryAfterMs: retryAfterMs } = foundation
  return new AsyncQueue({
    folder: join(dataDir, 'lambda'),
    functions,
    faults,
    now,
    log,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    async sendToQueue(resource, queueArn, MessageBody, attributes) {
      const queue = resources.queues.find(({ arn }) => arn === queueArn)
      if (queue === undefined)
        throw new Error(`${resource.name}: only queues can take failed events, not ${queueArn}`)
      const named = Object.entries(attributes).map(([name, StringValue]) => [
        name,
        { DataType: 'String', StringValue },
      ])
      const input = { QueueUrl: queue.url, MessageBody, MessageAttributes: Object.fromEntries(named) }
      const body = JSON.stringify(input)
      const caller = callerOf(resource)
      const requestId = randomUUID()
      outputOf(
        await call({
          service: 'sqs',
          target: 'AmazonSQS.SendMessage',
          action: 'SendMessage',
          input,
          body,
          caller,
          requestId,
        }),
      )
    },
  })
}
