import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { batchItems, type ChildInput } from './batches.ts'
import { nestedMachines, type State } from './definition.ts'
import { StateFailure, Stopped, throwIfStopped } from './failure.ts'
import { readItems } from './item-reader.ts'
import type { Child } from './map-runs.ts'
import { runChildren } from './map-children.ts'
import { writeResults } from './result-writer.ts'
import { fillTemplate } from './run-state.ts'
import type { Runnable, Scope } from './scope.ts'

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html: children at once. */
const concurrencyMax = 10_000
/** A long row of templates must not hold up the process: it gives way after this many. */
const itemsPerTurn = 500

const whole = z.int().nonnegative()
/** Every member of the Map that may hold paths, filled in by the library. */
const MapInput = z.object({
  input: z.unknown(),
  items: z.array(z.unknown()).optional(),
  readerParameters: z.unknown().optional(),
  maxItems: whole.default(0),
  batchInput: z.unknown().optional(),
  maxItemsPerBatch: whole.optional(),
  maxBytesPerBatch: whole.optional(),
  maxConcurrency: whole.default(0),
  toleratedPercentage: z.number().min(0).max(100).optional(),
  toleratedCount: whole.optional(),
  writerParameters: z.unknown().optional(),
})
type MapInput = z.infer<typeof MapInput>

type Members = Record<string, unknown>

/**
 * A Map with ProcessorConfig.Mode DISTRIBUTED: items from S3 or the input, in batches, each in an execution of its own.
 */
export function distributedMap(name: string, state: State, scope: Scope): Runnable {
  const label = typeof state['Label'] === 'string' ? state['Label'] : labelOf(name)
  return {
    state: { ...state, Type: 'Task', Parameters: templateOf(state) },
    work: async (given) => {
      const parsed = MapInput.safeParse(given)
      if (!parsed.success)
        throw new StateFailure('States.Runtime', z.prettifyError(parsed.error), { terminal: true })
      return runMap({ label, state, filled: parsed.data }, scope)
    },
  }
}

/** AWS cuts the label it makes from the state's name at 40 characters and leaves out what an ARN cannot hold. */
const labelOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, 40)

function templateOf(state: State): Members {
  const reader = (state['ItemReader'] ?? {}) as Members
  const batcher = (state['ItemBatcher'] ?? {}) as Members
  const writer = (state['ResultWriter'] ?? {}) as Members
  return {
    'input.$': '$',
    ...(state['ItemReader'] === undefined && { 'items.$': state['ItemsPath'] ?? '$' }),
    ...(reader['Parameters'] !== undefined && { readerParameters: reader['Parameters'] }),
    ...valueOrPath('maxItems', (reader['ReaderConfig'] ?? {}) as Members, 'MaxItems'),
    ...(batcher['BatchInput'] !== undefined && { batchInput: batcher['BatchInput'] }),
    ...valueOrPath('maxItemsPerBatch', batcher, 'MaxItemsPerBatch'),
    ...valueOrPath('maxBytesPerBatch', batcher, 'MaxInputBytesPerBatch'),
    ...valueOrPath('maxConcurrency', state, 'MaxConcurrency'),
    ...valueOrPath('toleratedPercentage', state, 'ToleratedFailurePercentage'),
    ...valueOrPath('toleratedCount', state, 'ToleratedFailureCount'),
    ...(writer['Parameters'] !== undefined && { writerParameters: writer['Parameters'] }),
  }
}

function valueOrPath(as: string, members: Members, member: string): Members {
  const path = members[`${member}Path`]
  if (path !== undefined) return { [`${as}.$`]: path }
  return members[member] === undefined ? {} : { [as]: members[member] }
}

type MapJob = { label: string; state: State; filled: MapInput }

async function runMap(job: MapJob, scope: Scope): Promise<unknown> {
  const { state, filled } = job
  const [machine] = nestedMachines(state)
  if (machine === undefined)
    throw new StateFailure('States.Runtime', 'The map has no processor.', { terminal: true })
  const inputs = await childInputs(state, filled, scope)
  const { region, account } = scope.host
  const id = randomUUID()
  const path = `${scope.stateMachine.name}/${job.label}`
  const mapRun = {
    arn: `arn:aws:states:${region}:${account}:mapRun:${path}:${id}`,
    executionArn: scope.context.Run.Id,
    stateMachineArn: scope.stateMachine.arn,
    status: 'RUNNING' as 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED',
    startedAt: scope.host.now().toISOString(),
    maxConcurrency: filled.maxConcurrency,
    toleratedPercentage: filled.toleratedPercentage ?? 0,
    ...(filled.toleratedCount !== undefined && { toleratedCount: filled.toleratedCount }),
    resultsWritten: 0,
    children: inputs.map((child): Child => {
      const name = randomUUID()
      const arn = `arn:aws:states:${region}:${account}:execution:${path}:${name}`
      return { name, arn, items: child.items, status: 'PENDING', input: child.input }
    }),
  }
  scope.mapRuns.save(mapRun)
  scope.onEvent({ type: 'MapRunStarted', mapRunArn: mapRun.arn })
  const end = (status: 'SUCCEEDED' | 'FAILED' | 'ABORTED', resultsWritten: number): void => {
    scope.mapRuns.save({ ...mapRun, status, resultsWritten, stoppedAt: scope.host.now().toISOString() })
  }
  try {
    const tolerated = await runChildren(
      {
        machine,
        label: job.label,
        children: mapRun.children,
        atOnce: filled.maxConcurrency || concurrencyMax,
      },
      { percentage: filled.toleratedPercentage, count: filled.toleratedCount },
      scope,
    )
    throwIfStopped(scope.signal)
    const written =
      state['ResultWriter'] === undefined
        ? undefined
        : await writeResults(mapRun.arn, mapRun.children, filled.writerParameters, scope)
    if (!tolerated) {
      throw new StateFailure(
        'States.ExceedToleratedFailureThreshold',
        'The specified tolerated failure threshold was exceeded',
      )
    }
    end('SUCCEEDED', written === undefined ? 0 : mapRun.children.length)
    scope.onEvent({ type: 'MapRunSucceeded', mapRunArn: mapRun.arn })
    return (
      written ?? mapRun.children.filter((child) => child.status === 'SUCCEEDED').map((child) => child.output)
    )
  } catch (error) {
    end(error instanceof Stopped ? 'ABORTED' : 'FAILED', 0)
    scope.onEvent({
      type: error instanceof Stopped ? 'MapRunAborted' : 'MapRunFailed',
      mapRunArn: mapRun.arn,
    })
    throw error
  }
}

async function childInputs(state: State, filled: MapInput, scope: Scope): Promise<ChildInput[]> {
  const reader = state['ItemReader'] as { Resource: string; ReaderConfig?: unknown } | undefined
  const items =
    reader === undefined
      ? (filled.items ?? [])
      : await readItems(
          {
            resource: reader.Resource,
            config: reader.ReaderConfig,
            parameters: filled.readerParameters,
            maxItems: filled.maxItems,
          },
          scope,
        )
  const selected = await selectItems(state['ItemSelector'], items, filled.input, scope)
  if (state['ItemBatcher'] === undefined) return selected.map((item) => ({ input: item, items: 1 }))
  return batchItems(selected, {
    ...(filled.maxItemsPerBatch !== undefined && { maxItems: filled.maxItemsPerBatch }),
    ...(filled.maxBytesPerBatch !== undefined && { maxBytes: filled.maxBytesPerBatch }),
    ...(filled.batchInput !== undefined && { batchInput: filled.batchInput }),
  })
}

async function selectItems(
  selector: unknown,
  items: readonly unknown[],
  input: unknown,
  scope: Scope,
): Promise<unknown[]> {
  if (selector === undefined) return [...items]
  const selected: unknown[] = []
  for (const [index, item] of items.entries()) {
    const context = { ...scope.context, Map: { Item: { Index: index, Value: item } } }
    selected.push(await fillTemplate(selector, input, context))
    if (index % itemsPerTurn === 0) await new Promise(setImmediate)
    throwIfStopped(scope.signal)
  }
  return selected
}
