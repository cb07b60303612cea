import type { Host } from '../service.ts'
import type { StateMachineResource } from '../template/resources.ts'
import type { Machine } from './definition.ts'
import { refuseLargePayload, StateFailure, Stopped } from './failure.ts'
import type { Execution, Executions } from './executions.ts'
import { openHistory } from './history.ts'
import type { MapRuns } from './map-runs.ts'
import type { Scope } from './scope.ts'
import { statusEvent } from './status-event.ts'
import { walk } from './walk.ts'
import { waitMs } from './wait.ts'

export type HostedMachine = { resource: StateMachineResource; machine: Machine }

export type Runner = {
  /** Starts it and returns; it runs on by itself. */
  start(execution: Execution, hosted: HostedMachine): void
  /** Resolves when it has ended. */
  stop(arn: string, reason: { error?: string | undefined; cause?: string | undefined }): Promise<void>
  /** Ends what the last runtime left running, and tells the bus what it was not told. */
  recover(): Promise<void>
  /** Lets go of everything; what runs is left as it is for `recover` at the next start. */
  shutDown(): Promise<void>
}

type Ending = Pick<Execution, 'status' | 'output' | 'error' | 'cause'>
type Running = { abort: AbortController; ending?: Ending; done: Promise<void> }

export type RunnerParts = { host: Host; executions: Executions; mapRuns: MapRuns; secondMs: number }

export function createRunner(parts: RunnerParts): Runner {
  const { host, executions, mapRuns } = parts
  const running = new Map<string, Running>()
  let isShutDown = false

  const run = async (execution: Execution, hosted: HostedMachine, own: Running): Promise<void> => {
    const history = openHistory(executions.historyFile(execution.arn), host.now, (failure) => {
      own.ending ??= { status: 'FAILED', error: failure.name, cause: failure.message }
      own.abort.abort()
    })
    history.add('ExecutionStarted', {
      executionStartedEventDetails: { input: execution.input, roleArn: hosted.resource.roleArn },
    })
    await announce(execution, parts)
    const scope = {
      ...scopeOf(execution, hosted, parts),
      signal: own.abort.signal,
      onEvent: history.addStateEvent,
    }
    const outcome = await settle(hosted.machine, JSON.parse(execution.input), scope, own)
    if (isShutDown) return
    history.add(endTypes[outcome.status], detailsOf(outcome))
    await end(execution, outcome, parts)
  }

  return {
    start(execution, hosted) {
      const own: Running = { abort: new AbortController(), done: Promise.resolve() }
      running.set(execution.arn, own)
      executions.save(execution)
      host.used({ kind: 'transition', stateMachineArn: execution.stateMachineArn })
      own.done = run(execution, hosted, own)
        .catch((error: unknown) => {
          host.log('error', 'an execution ended in a fault of the runtime', {
            arn: execution.arn,
            error: String(error),
          })
        })
        .finally(() => running.delete(execution.arn))
    },
    async stop(arn, { error, cause }) {
      const own = running.get(arn)
      if (own === undefined) return
      own.ending ??= {
        status: 'ABORTED',
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      }
      own.abort.abort()
      await own.done
    },
    async recover() {
      mapRuns.abortRunning()
      for (const execution of executions.all()) {
        if (running.has(execution.arn)) continue
        if (execution.status === 'RUNNING')
          await end(execution, { status: 'ABORTED', cause: 'runtime stopped' }, parts)
        else if (execution.announced !== execution.status) await announce(execution, parts)
      }
    },
    async shutDown() {
      isShutDown = true
      const ongoing = [...running.values()]
      for (const own of ongoing) own.abort.abort()
      await Promise.all(ongoing.map((own) => own.done))
    },
  }
}

/** Tells the bus; what it could not be told now is told at the next start. */
async function announce(execution: Execution, { host, executions }: RunnerParts): Promise<void> {
  try {
    await host.publishEvent(statusEvent(execution))
    const current = executions.get(execution.arn)
    if (current?.status === execution.status) executions.save({ ...current, announced: execution.status })
  } catch (error) {
    host.log('error', 'a status change was not published', { arn: execution.arn, error: String(error) })
  }
}

async function end(execution: Execution, ending: Ending, parts: RunnerParts): Promise<void> {
  const ended: Execution = { ...execution, ...ending, stoppedAt: parts.host.now().toISOString() }
  parts.executions.save(ended)
  await announce(ended, parts)
}

type SharedScope = Omit<Scope, 'signal' | 'onEvent'>

function scopeOf(execution: Execution, hosted: HostedMachine, parts: RunnerParts): SharedScope {
  const { resource } = hosted
  return {
    host: parts.host,
    stateMachine: { name: resource.name, arn: resource.arn, roleArn: resource.roleArn },
    context: {
      Run: {
        Id: execution.arn,
        Input: JSON.parse(execution.input) as unknown,
        Name: execution.name,
        RoleArn: resource.roleArn,
        StartTime: execution.startedAt,
        RedriveCount: 0,
      },
      StateMachine: { Id: resource.arn, Name: resource.name },
    },
    mapRuns: parts.mapRuns,
    secondMs: parts.secondMs,
    walk,
  }
}

async function settle(machine: Machine, input: unknown, scope: Scope, own: Running): Promise<Ending> {
  const finished = new AbortController()
  if (machine.TimeoutSeconds !== undefined) {
    void waitMs(machine.TimeoutSeconds * scope.secondMs, finished.signal).then(
      () => {
        own.ending ??= { status: 'TIMED_OUT', error: 'States.Timeout' }
        own.abort.abort()
      },
      () => {},
    )
  }
  try {
    const output = await walk(machine, input, scope)
    refuseLargePayload(output, machine.StartAt)
    return own.ending ?? { status: 'SUCCEEDED', output: JSON.stringify(output) ?? 'null' }
  } catch (error) {
    if (error instanceof Stopped && own.ending !== undefined) return own.ending
    const failure = error instanceof StateFailure ? error : new StateFailure('States.Runtime', String(error))
    return { status: 'FAILED', error: failure.name, cause: failure.message }
  } finally {
    finished.abort()
  }
}

const endTypes = {
  RUNNING: 'ExecutionStarted',
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const

function detailsOf(ending: Ending): Record<string, unknown> {
  const member = endTypes[ending.status].replace('Execution', 'execution')
  const { output, error, cause } = ending
  return { [`${member}EventDetails`]: output === undefined ? { error, cause } : { output } }
}
