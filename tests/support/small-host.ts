import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { S3Client } from '@aws-sdk/client-s3'
import type { Authorizer } from '../../local/gateway/authorizer.ts'
import { createCredentialRegistry } from '../../local/gateway/credentials.ts'
import { createFaults } from '../../local/gateway/faults.ts'
import { startGateway } from '../../local/gateway/gateway.ts'
import { createS3Door } from '../../local/gateway/s3-door.ts'
import { createS3 } from '../../local/s3/s3.ts'
import {
  type BusEvent,
  type Faults,
  type Host,
  type HostRequest,
  type InvokeOptions,
  type InvokeResult,
  type SdkConfig,
  ServiceError,
  type Use,
} from '../../local/service.ts'
import type { TemplateResources } from '../../local/template/resources.ts'

/** A function of the test: gets the payload, gives the result or throws. */
type TestFunction = (payload: unknown, options: InvokeOptions) => unknown

export type SmallHost = Host & {
  functions: Map<string, TestFunction>
  published: BusEvent[]
  requests: HostRequest[]
  /** What AWS would charge for. */
  uses: Use[]
  /** Answers `host.request`; by default with `{}`. */
  answer: (request: HostRequest) => Promise<Record<string, unknown>>
  /** `role action resource` triples that are refused. */
  denied: Set<string>
  /** The clock, when a test sets it. */
  clock: { now?: Date }
  tellTableWrite(tableName: string): void
  tellQueueSend(queueArn: string): void
  s3: S3Client
  /** A host on the same folder and stores, as after a restart of the runtime. */
  restarted(): SmallHost
  close(): Promise<void>
}

const noResources: TemplateResources = {
  tables: [],
  buckets: [],
  functions: [],
  roles: [],
  httpApis: [],
  distributions: [],
  stateMachines: [],
  scheduleGroups: [],
  schedules: [],
  eventBuses: [],
  eventRules: [],
  eventSourceMappings: [],
  queues: [],
  keys: [],
}

export const declared = { stack: 'test', logicalId: 'test' }
export const functionArn = (name: string): string =>
  `arn:aws:lambda:eu-central-1:000000000000:function:${name}`

/**
 * The host for tests of one service: a real S3 behind the gateway's own door, functions as closures, so that a test
 * can say at which attempt a function fails. The whole runtime has its own tests.
 */
export async function startSmallHost(resources: Partial<TemplateResources>): Promise<SmallHost> {
  const dataDir = mkdtempSync(join(tmpdir(), 'netkeep-host-'))
  const credentials = createCredentialRegistry()
  const gateway = await startGateway(credentials, () => {})
  const buckets = resources.buckets ?? []
  const now = (): Date => new Date()
  const s3 = createS3({ folder: join(dataDir, 's3'), buckets, region, now, publish: () => {} })
  const faults = createFaults()
  gateway.open({
    s3: createS3Door({ s3, buckets, faults, authorizer: everybody, denied: () => {}, used: () => {} }),
    call: () => Promise.reject(new ServiceError('UnknownOperationException', 'only S3 stands here')),
    restServices: new Map(),
  })
  const sdk = {
    endpoint: gateway.endpoint,
    region,
    credentials: credentials.issue({ kind: 'operator' }),
    forcePathStyle: true as const,
  }
  let stopping: Promise<void> | undefined
  // A restarted host stands on the same ground, and is closed too.
  const stop = (): Promise<void> => (stopping ??= gateway.stop().then(() => s3.close()))
  return hostOn({ dataDir, sdk, faults, stop }, resources)
}

const region = 'eu-central-1'

/** What a role may do is the business of the runtime's own tests. */
const everybody: Authorizer = { isAllowed: async () => true, require: async () => {} }

type Ground = { dataDir: string; sdk: SdkConfig; faults: Faults; stop: () => Promise<void> }

function hostOn(ground: Ground, resources: Partial<TemplateResources>): SmallHost {
  const { dataDir, sdk, faults } = ground
  const listeners = new Map<string, Set<() => void>>()
  const listen = (key: string, listener: () => void): (() => void) => {
    const set = listeners.get(key) ?? new Set()
    listeners.set(key, set.add(listener))
    return () => set.delete(listener)
  }
  const tell = (key: string): void => {
    for (const listener of listeners.get(key) ?? []) listener()
  }
  const host: SmallHost = {
    dataDir,
    region,
    account: '000000000000',
    resources: { ...noResources, ...resources },
    clock: {},
    now: () => host.clock.now ?? new Date(),
    log: () => {},
    faults,
    used: (use) => void host.uses.push(use),
    uses: [],
    functions: new Map(),
    published: [],
    requests: [],
    denied: new Set(),
    answer: async () => ({}),
    async authorize(caller, action, resource) {
      const who = caller.kind === 'role' ? caller.roleArn : caller.kind
      if (host.denied.has(`${who} ${action} ${resource}`)) {
        throw new ServiceError('AccessDeniedException', `${who} may not ${action} on ${resource}`, 403)
      }
    },
    async request(request) {
      host.requests.push(request)
      return host.answer(request)
    },
    invoke: (arn, payload, options) => invoke(host, arn, payload, options),
    sdk: () => sdk,
    publishEvent: async (event) => void host.published.push(event),
    onTableWrite: (name, listener) => listen(`table ${name}`, listener),
    onQueueSend: (arn, listener) => listen(`queue ${arn}`, listener),
    tellTableWrite: (name) => tell(`table ${name}`),
    tellQueueSend: (arn) => tell(`queue ${arn}`),
    s3: new S3Client(sdk),
    restarted: () => Object.assign(hostOn(ground, resources), { functions: host.functions }),
    async close() {
      await ground.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return host
}

async function invoke(
  host: SmallHost,
  arn: string,
  payload: unknown,
  options: InvokeOptions,
): Promise<InvokeResult> {
  await host.authorize(options.caller, 'lambda:InvokeFunction', arn)
  const run = host.functions.get(arn.split(':').at(-1) ?? '')
  if (run === undefined)
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404)
  const answer = { requestId: 'test', statusCode: 200 }
  try {
    const result = await run(structuredClone(payload), options)
    return { ...answer, payload: JSON.stringify(result) ?? 'null' }
  } catch (error) {
    if (error instanceof ServiceError) throw error
    const { name, message } = error as Error
    return {
      ...answer,
      functionError: 'Unhandled',
      payload: JSON.stringify({ errorType: name, errorMessage: message, trace: [] }),
    }
  }
}

/** Waits until the condition holds, looking every few milliseconds. @throws Error after `patienceMs`. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  patienceMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs
  while (Date.now() < deadline) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    await sleep(5)
  }
  throw new Error(`did not happen within ${patienceMs} ms`)
}
