import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type Host, type LocalService, type ServiceAction, ServiceError } from '../service.ts'
import { childrenOf, describeExecution, Page, pageOf, seconds, summaryOf } from './answers.ts'
import { readMachine } from './definition.ts'
import { type Execution, type Executions, openExecutions } from './executions.ts'
import { payloadBytesMax } from './failure.ts'
import { countsOf, type MapRun, type MapRuns, openMapRuns } from './map-runs.ts'
import { createRunner, type HostedMachine, type Runner } from './runner.ts'

export type StatesOptions = {
  /** Milliseconds in a second of the definitions. Tests make waits and back-offs short with it. */
  secondMs?: number
}

type Parts = {
  host: Host
  machines: Map<string, HostedMachine>
  executions: Executions
  mapRuns: MapRuns
  runner: Runner
}

/**
 * Step Functions: runs the state machines of the template.
 * @throws Error at once when a definition holds what cannot be run here.
 */
export function createStates(host: Host, options: StatesOptions = {}): LocalService {
  const machines = new Map(
    host.resources.stateMachines.map((resource) => {
      if (resource.type === 'EXPRESS')
        throw new Error(`state machine ${resource.name}: EXPRESS is not hosted`)
      return [resource.arn, { resource, machine: readMachine(resource.name, resource.definition) }]
    }),
  )
  const executions = openExecutions(host)
  const mapRuns = openMapRuns(host)
  const runner = createRunner({ host, executions, mapRuns, secondMs: options.secondMs ?? 1000 })
  const parts: Parts = { host, machines, executions, mapRuns, runner }
  return {
    name: 'states',
    actions: {
      ...executionActions(parts),
      ...executionLists(parts),
      ...machineActions(parts),
      ...mapRunActions(parts),
    },
    start: () => runner.recover(),
    stop: () => runner.shutDown(),
  }
}

function action<Schema extends z.ZodType>(
  schema: Schema,
  resource: string,
  run: (input: z.infer<Schema>) => Promise<unknown>,
): ServiceAction {
  return {
    resources: (input) => [typeof input[resource] === 'string' ? input[resource] : '*'],
    run: async (input) => {
      const parsed = schema.safeParse(input)
      if (!parsed.success) throw new ServiceError('ValidationException', z.prettifyError(parsed.error))
      return run(parsed.data)
    },
  }
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const namePattern = /^[A-Za-z0-9_.@+=-]{1,80}$/
const ExecutionArn = z.object({ executionArn: z.string() })

function executionActions({ host, machines, executions, runner }: Parts): Record<string, ServiceAction> {
  const find = (arn: string): Execution => findExecution(executions, arn)
  return {
    StartExecution: action(
      z.object({ stateMachineArn: z.string(), name: z.string().optional(), input: z.string().default('{}') }),
      'stateMachineArn',
      async ({ stateMachineArn, name = randomUUID(), input }) => {
        const hosted = findMachine(machines, stateMachineArn)
        refuseBadStart(name, input)
        const arn = `arn:aws:states:${host.region}:${host.account}:execution:${hosted.resource.name}:${name}`
        const known = executions.get(arn)
        if (known !== undefined && (known.status !== 'RUNNING' || known.input !== input)) {
          throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
        }
        const startedAt = known?.startedAt ?? host.now().toISOString()
        if (known === undefined) {
          runner.start({ arn, name, stateMachineArn, status: 'RUNNING', startedAt, input }, hosted)
        }
        return { executionArn: arn, startDate: seconds(startedAt) }
      },
    ),
    DescribeExecution: action(ExecutionArn, 'executionArn', async ({ executionArn }) =>
      describeExecution(find(executionArn)),
    ),
    StopExecution: action(
      z.object({ executionArn: z.string(), error: z.string().optional(), cause: z.string().optional() }),
      'executionArn',
      async ({ executionArn, ...reason }) => {
        find(executionArn)
        await runner.stop(executionArn, reason)
        const { stoppedAt } = find(executionArn)
        return { stopDate: stoppedAt === undefined ? seconds(host.now().toISOString()) : seconds(stoppedAt) }
      },
    ),
  }
}

function executionLists({ machines, executions, mapRuns }: Parts): Record<string, ServiceAction> {
  return {
    GetExecutionHistory: action(
      ExecutionArn.extend({ reverseOrder: z.boolean().default(false), ...Page.shape }),
      'executionArn',
      async ({ executionArn, reverseOrder, ...page }) => {
        findExecution(executions, executionArn)
        const events = executions.history(executionArn)
        return pageOf('events', reverseOrder ? events.reverse() : events, page)
      },
    ),
    ListExecutions: action(
      z.object({
        stateMachineArn: z.string().optional(),
        mapRunArn: z.string().optional(),
        statusFilter: z.string().optional(),
        ...Page.shape,
      }),
      'stateMachineArn',
      async ({ stateMachineArn, mapRunArn, statusFilter, ...page }) => {
        const rows =
          mapRunArn === undefined
            ? executions.of(findMachine(machines, stateMachineArn ?? '').resource.arn).map(summaryOf)
            : childrenOf(findMapRun(mapRuns, mapRunArn))
        return pageOf(
          'executions',
          statusFilter === undefined ? rows : rows.filter((row) => row['status'] === statusFilter),
          page,
        )
      },
    ),
  }
}

function refuseBadStart(name: string, input: string): void {
  if (!namePattern.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`)
  if (Buffer.byteLength(input) > payloadBytesMax) {
    throw new ServiceError('InvalidExecutionInput', `The input is larger than ${payloadBytesMax} bytes.`)
  }
  try {
    JSON.parse(input)
  } catch (error) {
    throw new ServiceError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${String(error)}'`,
    )
  }
}

function machineActions({ host, machines }: Parts): Record<string, ServiceAction> {
  const describe = ({ resource }: HostedMachine): Record<string, unknown> => ({
    stateMachineArn: resource.arn,
    name: resource.name,
    type: resource.type,
    creationDate: seconds(host.now().toISOString()),
  })
  return {
    DescribeStateMachine: action(
      z.object({ stateMachineArn: z.string() }),
      'stateMachineArn',
      async (input) => {
        const hosted = findMachine(machines, input.stateMachineArn)
        return {
          ...describe(hosted),
          status: 'ACTIVE',
          roleArn: hosted.resource.roleArn,
          definition: JSON.stringify(hosted.resource.definition),
        }
      },
    ),
    ListStateMachines: action(z.object(Page.shape), '*', async (page) =>
      pageOf('stateMachines', [...machines.values()].map(describe), page),
    ),
  }
}

function mapRunActions({ mapRuns }: Parts): Record<string, ServiceAction> {
  return {
    DescribeMapRun: action(z.object({ mapRunArn: z.string() }), 'mapRunArn', async ({ mapRunArn }) => {
      const mapRun = findMapRun(mapRuns, mapRunArn)
      return {
        mapRunArn,
        executionArn: mapRun.executionArn,
        status: mapRun.status,
        startDate: seconds(mapRun.startedAt),
        ...(mapRun.stoppedAt !== undefined && { stopDate: seconds(mapRun.stoppedAt) }),
        maxConcurrency: mapRun.maxConcurrency,
        toleratedFailurePercentage: mapRun.toleratedPercentage,
        toleratedFailureCount: mapRun.toleratedCount ?? 0,
        itemCounts: countsOf(mapRun, 'items'),
        executionCounts: countsOf(mapRun, 'executions'),
        redriveCount: 0,
      }
    }),
    ListMapRuns: action(ExecutionArn.extend(Page.shape), 'executionArn', async ({ executionArn, ...page }) =>
      pageOf(
        'mapRuns',
        mapRuns.of(executionArn).map((mapRun) => ({
          executionArn,
          mapRunArn: mapRun.arn,
          stateMachineArn: mapRun.stateMachineArn,
          startDate: seconds(mapRun.startedAt),
          ...(mapRun.stoppedAt !== undefined && { stopDate: seconds(mapRun.stoppedAt) }),
        })),
        page,
      ),
    ),
  }
}

function findExecution(executions: Executions, arn: string): Execution {
  const execution = executions.get(arn)
  if (execution === undefined) {
    throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
  }
  return execution
}

function findMachine(machines: Map<string, HostedMachine>, arn: string): HostedMachine {
  const hosted = machines.get(arn)
  if (hosted === undefined)
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
  return hosted
}

function findMapRun(mapRuns: MapRuns, arn: string): MapRun {
  const mapRun = mapRuns.get(arn)
  if (mapRun === undefined) throw new ServiceError('ResourceNotFound', `Map Run Does Not Exist: '${arn}'`)
  return mapRun
}
