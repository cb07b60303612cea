import { completeCustomFields } from './custom-values.ts'
import type { Model } from './define.ts'
import type { Engine, WriteOptions } from './engine.ts'
import { parseInput, withDefaults, type Parsed } from './input.ts'
import { sealSecrets } from './prepare.ts'
import { problemOf, rejectProblems, type Place, type RowProblem } from './problems.ts'
import { resolveCustomFields } from './resolve-custom.ts'
import { resolveReferences } from './resolve-references.ts'
import { patchModel, stampCreator, tagChangeIssues } from './row-changes.ts'

/** Bodies of new rows, made complete. @throws AppError for whatever was wrong with them. */
export async function prepareCreates(
  engine: Engine,
  model: Model,
  inputs: readonly unknown[],
  options: WriteOptions,
): Promise<Record<string, unknown>[]> {
  const bySystem = options.bySystem === true
  const parsed = inputs.map((input) =>
    completeCustomFields(model, input, { parsed: parseInput(model, input, 'create', bySystem), bySystem }),
  )
  const places = inputs.map((_, index) => ({ index }))
  const values = parsed.map((one) => stampCreator(model, withDefaults(model, one.values), options.actor))
  await complete(engine, model, { parsed, values, places }, options)
  return values
}

/** Bodies of changes, made complete. @throws AppError for whatever was wrong with them. */
export async function prepareUpdates(
  engine: Engine,
  given: Model,
  updates: readonly { id: number; values: unknown }[],
  options: WriteOptions & { replace?: boolean },
): Promise<Record<string, unknown>[]> {
  const mode = options.replace === true ? 'create' : 'patch'
  const model = mode === 'patch' ? patchModel(given) : given
  const parsed = updates.map(({ values }) => parseInput(model, values, mode, options.bySystem))
  const places = updates.map(({ id }) => ({ id }))
  const values = parsed.map((one) => one.values)
  await complete(engine, model, { parsed, values, places }, options)
  return values
}

type Incoming = { parsed: readonly Parsed[]; values: Record<string, unknown>[]; places: readonly Place[] }

/** References become ids, secrets are sealed. @throws AppError for whatever was wrong with the bodies. */
async function complete(
  engine: Engine,
  model: Model,
  incoming: Incoming,
  options: WriteOptions,
): Promise<void> {
  const { parsed, values, places } = incoming
  const problemsOf = (issuesOf: (index: number) => Parsed['issues']): RowProblem[] =>
    places.flatMap((place, index) => problemOf(place, issuesOf(index)))
  rejectProblems(
    problemsOf((index) => [...(parsed[index]?.issues ?? []), ...tagChangeIssues(values[index] ?? {})]),
    options.bulk === true,
  )
  const unresolved = await resolveReferences(engine, model, values)
  const custom = await resolveCustomFields(model, values, (virtual, rows) =>
    resolveReferences(engine, virtual, rows),
  )
  rejectProblems(
    problemsOf((index) => [...(unresolved[index] ?? []), ...(custom[index] ?? [])]),
    options.bulk === true,
  )
  for (const value of values) await sealSecrets(engine, model, value)
}
