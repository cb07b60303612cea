import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { environmentNames } from '../shared/environment.ts'
import { type Bus, buildCloud, type Cloud } from './cloud.ts'
import { forgetRun, lockDataFolder, lockFile, writeRunFile } from './data-folder.ts'
import { startDynamoDb } from './dynamodb/dynoxide.ts'
import { type CredentialRegistry, createCredentialRegistry } from './gateway/credentials.ts'
import { startGateway } from './gateway/gateway.ts'
import { account, createSignals } from './host.ts'
import { type HttpDoor, openHttpApi } from './http/http-api.ts'
import { openLineLog } from './lambda/function-log.ts'
import type { Functions } from './lambda/functions.ts'
import type { Faults, Host, HostLog } from './service.ts'
import type { Services } from './services.ts'
import { openSite, type SiteFolder, startBuilding } from './site/open-site.ts'
import { openStores } from './stores.ts'
import type { StackTemplate } from './template/assembly.ts'
import { readTemplate } from './template/read.ts'
import type { RouteResource, TemplateResources } from './template/resources.ts'
import { synthesize } from './template/synthesize.ts'

export type RuntimeOptions = {
  dataDir: string
  /** 0 = any. */
  port: number
  /** Instead of synthesising the app of the project: for tests. */
  template?: readonly StackTemplate[]
  /** What the deployment chooses, as `cdk deploy --context name=value`. */
  context?: Readonly<Record<string, string>>
  /** Where `infra/app.ts` and the functions' entries are; the project this file belongs to where left out. */
  projectDir?: string
  region?: string
  now?: () => Date
  /** False: the HTTP API takes more requests a second than the template allows. For benchmarks. */
  isThrottled?: boolean
  /** Deletes everything in the data folder first. */
  reset?: boolean
  /** Waits before Lambda's own retries of asynchronous invocations: 1 and 2 minutes where left out. */
  asyncRetryAfterMs?: readonly number[]
  /** Milliseconds in a second of the state machines, 1,000 where left out: tests need not sit out rests and back-offs. */
  workflowSecondMs?: number
  /** Sees everything as it is logged. */
  onLog?: HostLog
  /** Sees everything that AWS would charge for. */
  onUse?: Host['used']
}

export type Runtime = {
  url: string
  port: number
  /** The AWS endpoint; for SDK clients see `host.sdk`. */
  endpoint: string
  dataDir: string
  resources: TemplateResources
  host: Host
  faults: Faults
  functions: Functions
  services: Services
  stop(): Promise<void>
}

/** Ends what a start has begun, the last first: when the runtime stops, and when a start fails half-way. */
class Undo {
  readonly #steps: (() => Promise<void> | void)[] = []

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step)
  }

  async kept<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const started = await starting
    this.add(() => started.stop())
    return started
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).toReversed()) await step()
  }
}

/**
 * Hosts the synthesised template: its stores, functions, services and HTTP API, under one data folder.
 * @throws TemplateError, DataFolderInUse
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const undo = new Undo()
  try {
    const runtime = await start(options, undo)
    return { ...runtime, stop: () => undo.run() }
  } catch (error) {
    await undo.run()
    throw error
  }
}

async function start(options: RuntimeOptions, undo: Undo): Promise<Omit<Runtime, 'stop'>> {
  const dataDir = resolve(options.dataDir)
  const projectDir = options.projectDir ?? resolve(import.meta.dirname, '..')
  const region = options.region ?? process.env['AWS_REGION'] ?? 'eu-central-1'
  const now = options.now ?? (() => new Date())
  const lock = lockDataFolder(dataDir)
  undo.add(() => lock.release())
  if (options.reset === true) emptyFolder(dataDir)
  const log = openLog(dataDir, now, options.onLog, undo)
  const credentials = createCredentialRegistry()
  const databaseDir = join(dataDir, 'dynamodb')
  mkdirSync(databaseDir, { recursive: true })
  const [gateway, database, stacks] = await settled([
    undo.kept(startGateway(credentials, log)),
    undo.kept(startDynamoDb(join(databaseDir, 'table.sqlite'))),
    Promise.resolve(options.template ?? synthesize(projectDir, options.context)),
  ])
  const { endpoint } = gateway
  const resources = readTemplate(stacks, { region, account, endpoint })
  const site = startBuilding(resources, projectDir)
  const signals = createSignals()
  const bus: Bus = { publish: () => Promise.reject(new Error('the bus does not stand yet')) }
  const publish: Host['publishEvent'] = (event) => bus.publish(event)
  const stores = await undo.kept(
    openStores({ dataDir, region, resources, database, signals, now, publish, log }),
  )
  const { asyncRetryAfterMs, workflowSecondMs } = options
  const foundation = {
    dataDir,
    projectDir,
    region,
    endpoint,
    resources,
    credentials,
    signals,
    stores,
    now,
    log,
    used: options.onUse ?? (() => {}),
  }
  const cloud = buildCloud({ ...foundation, asyncRetryAfterMs, workflowSecondMs }, bus)
  undo.add(() => cloud.stop())
  gateway.open(cloud.doors)
  await cloud.start()
  const door = await undo.kept(openHttpDoor(options, { cloud, dataDir, resources, site, now, log }, undo))
  const { host, faults, functions, services } = cloud
  announce({ dataDir, endpoint, region, url: door.url, resources, credentials }, undo)
  log('info', 'started', { url: door.url, endpoint, pid: process.pid })
  return { url: door.url, port: door.port, endpoint, dataDir, resources, host, faults, functions, services }
}

/** Waits for all, so that what did start can be stopped when one fails. */
async function settled<T extends readonly Promise<unknown>[]>(
  starting: [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starting)
  return Promise.all(starting)
}

function emptyFolder(dataDir: string): void {
  for (const name of readdirSync(dataDir))
    if (!name.startsWith(lockFile)) rmSync(join(dataDir, name), { recursive: true, force: true })
}

function openLog(dataDir: string, now: () => Date, onLog: HostLog | undefined, undo: Undo): HostLog {
  const lines = openLineLog(join(dataDir, 'logs'), 'runtime')
  undo.add(() => lines.close())
  return (level, message, fields) => {
    lines.write(
      JSON.stringify({ timestamp: now().toISOString(), level: level.toUpperCase(), message, ...fields }),
    )
    onLog?.(level, message, fields)
  }
}

type DoorParts = {
  cloud: Cloud
  dataDir: string
  resources: TemplateResources
  site: SiteFolder
  now: () => Date
  log: HostLog
}

async function openHttpDoor(options: RuntimeOptions, parts: DoorParts, undo: Undo): Promise<HttpDoor> {
  const { cloud, dataDir, resources, site, now, log } = parts
  const [api, ...others] = resources.httpApis
  if (api === undefined || others.length > 0)
    throw new Error(`The template has ${resources.httpApis.length} HTTP APIs; the local runtime has one door`)
  const accessLog = openLineLog(join(dataDir, 'logs'), 'access')
  undo.add(() => accessLog.close())
  const front = await openSite(cloud.host, site)
  return openHttpApi({
    api,
    front,
    port: options.port,
    isThrottled: options.isThrottled ?? true,
    accessLog,
    now,
    log,
    async invoke({ routeKey, functionArn }: RouteResource, payload, requestId) {
      // As API Gateway itself: allowed by the function's AWS::Lambda::Permission for this route.
      const path = routeKey.replace(/^(\w+) /, (_whole, method: string) => (method === 'ANY' ? '*' : method))
      const sourceArn = `${api.arn}/${api.stage.name}/${path}`
      const caller = { kind: 'service', principal: 'apigateway.amazonaws.com', sourceArn } as const
      await cloud.host.authorize(caller, 'lambda:InvokeFunction', functionArn)
      return cloud.functions.run(functionArn, payload, { requestId })
    },
  })
}

type Announcement = {
  dataDir: string
  endpoint: string
  region: string
  url: string
  resources: TemplateResources
  credentials: CredentialRegistry
}

function announce({ resources, credentials, dataDir, ...where }: Announcement, undo: Undo): void {
  const tableName = mainTable(resources) ?? ''
  writeRunFile(dataDir, { ...where, pid: process.pid, tableName, ...credentials.issue({ kind: 'operator' }) })
  undo.add(() => forgetRun(dataDir))
}

/** The table the product's functions are given. */
export function mainTable({ functions }: TemplateResources): string | undefined {
  return functions
    .map(({ environment }) => environment[environmentNames.table])
    .find((name) => name !== undefined)
}
