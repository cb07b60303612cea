import * as z from 'zod'
import { nestedMachines, type State } from './definition.ts'
import { StateFailure } from './failure.ts'
import { fillTemplate } from './run-state.ts'
import type { Runnable, Scope } from './scope.ts'

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html: 40 iterations at once. */
const inlineConcurrencyMax = 40

const MapInput = z.object({
  input: z.unknown(),
  items: z.array(z.unknown()),
  maxConcurrency: z.int().nonnegative(),
})

export function parallel(state: State, scope: Scope): Runnable {
  const { Branches: _branches, ...rest } = state
  const machines = nestedMachines(state)
  return {
    state: { ...rest, Type: 'Task' },
    work: (input) =>
      runAll(machines, machines.length, scope, (machine, _index, inner) => inner.walk(machine, input, inner)),
  }
}

export function inlineMap(state: State, scope: Scope): Runnable {
  const {
    ItemProcessor: _p,
    Iterator: _i,
    ItemSelector,
    Parameters,
    ItemsPath,
    MaxConcurrencyPath,
    ...rest
  } = state
  const [machine] = nestedMachines(state)
  const selector = ItemSelector ?? Parameters
  const template = {
    'input.$': '$',
    'items.$': ItemsPath ?? '$',
    ...(MaxConcurrencyPath === undefined
      ? { maxConcurrency: state['MaxConcurrency'] ?? 0 }
      : { 'maxConcurrency.$': MaxConcurrencyPath }),
  }
  return {
    state: { ...rest, Type: 'Task', Parameters: template },
    work: async (given) => {
      const parsed = MapInput.safeParse(given)
      if (!parsed.success || machine === undefined) {
        throw new StateFailure('States.Runtime', 'The input of a Map state must be an array.', {
          terminal: true,
        })
      }
      const { input, items } = parsed.data
      const atOnce = Math.min(parsed.data.maxConcurrency || inlineConcurrencyMax, inlineConcurrencyMax)
      return runAll(items, atOnce, scope, async (item, index, inner) => {
        const context = { ...inner.context, Map: { Item: { Index: index, Value: item } } }
        const itemInput = selector === undefined ? item : await fillTemplate(selector, input, context)
        return inner.walk(machine, itemInput, { ...inner, context })
      })
    },
  }
}

/**
 * Runs all members, at most `atOnce` at a time. The first failure stops the others and is thrown.
 */
async function runAll<Member>(
  members: readonly Member[],
  atOnce: number,
  scope: Scope,
  run: (member: Member, index: number, inner: Scope) => Promise<unknown>,
): Promise<unknown[]> {
  const siblings = new AbortController()
  const inner = { ...scope, signal: AbortSignal.any([scope.signal, siblings.signal]) }
  const results: unknown[] = Array.from({ length: members.length }, () => null)
  let failure: unknown
  let taken = 0
  const worker = async (): Promise<void> => {
    while (taken < members.length && failure === undefined) {
      const index = taken++
      try {
        results[index] = await run(members[index] as Member, index, inner)
      } catch (error) {
        failure ??= error
        siblings.abort()
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, members.length) }, worker))
  if (failure !== undefined) throw failure
  return results
}
