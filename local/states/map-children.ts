import type { Machine } from './definition.ts'
import { payloadBytesMax, StateFailure, Stopped } from './failure.ts'
import type { Child } from './map-runs.ts'
import type { Scope } from './scope.ts'

export type Children = { machine: Machine; label: string; children: Child[]; atOnce: number }

/** Both bounds count items; a map run fails when it passes either. Nothing said means none may fail. */
export type Tolerance = { percentage: number | undefined; count: number | undefined }

/**
 * Runs every child, at most `atOnce` at a time. Past the tolerance no further one starts and the running ones stop.
 * @returns whether the failures stayed within the tolerance.
 */
export async function runChildren(work: Children, tolerance: Tolerance, scope: Scope): Promise<boolean> {
  const { children } = work
  const total = children.reduce((sum, child) => sum + child.items, 0)
  const exceeded = new AbortController()
  const signal = AbortSignal.any([scope.signal, exceeded.signal])
  let failed = 0
  let taken = 0
  const worker = async (): Promise<void> => {
    while (taken < children.length && !signal.aborted) {
      const child = children[taken++]
      if (child === undefined) return
      await runChild(child, work, { ...scope, signal })
      if (child.status === 'FAILED') failed += child.items
      if (isPast(tolerance, failed, total)) exceeded.abort()
    }
  }
  await Promise.all(Array.from({ length: Math.min(work.atOnce, children.length) }, worker))
  return !exceeded.signal.aborted
}

export function isPast(tolerance: Tolerance, failed: number, total: number): boolean {
  if (failed === 0) return false
  const { percentage, count } = tolerance
  if (percentage === undefined && count === undefined) return true
  return (
    (count !== undefined && failed > count) ||
    (percentage !== undefined && (failed / total) * 100 > percentage)
  )
}

/** A child has an execution of its own in its context; its states are not in the parent's history. */
async function runChild(child: Child, work: Children, scope: Scope): Promise<void> {
  const { host, stateMachine } = scope
  child.status = 'RUNNING'
  host.used({ kind: 'transition', stateMachineArn: stateMachine.arn })
  child.startedAt = host.now().toISOString()
  const name = `${stateMachine.name}/${work.label}`
  const context = {
    Run: {
      Id: child.arn,
      Input: child.input,
      Name: child.name,
      RoleArn: stateMachine.roleArn,
      StartTime: child.startedAt,
    },
    StateMachine: { Id: `${stateMachine.arn}/${work.label}`, Name: name },
  }
  try {
    if (Buffer.byteLength(JSON.stringify(child.input)) > payloadBytesMax) {
      throw new StateFailure('States.DataLimitExceeded', 'The input of a child execution is too large.', {
        terminal: true,
      })
    }
    child.output = await scope.walk(work.machine, child.input, { ...scope, context, onEvent: () => {} })
    child.status = 'SUCCEEDED'
  } catch (error) {
    const failure = error instanceof StateFailure ? error : new StateFailure('States.Runtime', String(error))
    child.status = error instanceof Stopped ? 'ABORTED' : 'FAILED'
    child.error = failure.name
    child.cause = failure.message
  }
  child.stoppedAt = host.now().toISOString()
}
