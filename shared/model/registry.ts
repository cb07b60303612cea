import { changeShards, presenceShards } from '../table/keys.ts'
import type { Frozen, Model, OnDelete } from './define.ts'
import type { FieldShape } from './fields.ts'

/** A field of another model that refers to this one, and what happens when this one is deleted. */
type Referrer = { model: Model; field: string; rule: OnDelete }

export type Registry = {
  all: readonly Model[]
  has(name: string): boolean
  /** @throws Error for an unknown name: a fault of ours, never a caller's. */
  get(name: string): Model
  referrersOf(name: string): readonly Referrer[]
}

/**
 * All models together.
 * @throws Error where a reference leads nowhere or a rule cannot hold: at load.
 */
export function createRegistry(models: readonly Model[]): Registry {
  const byName = new Map(models.map((model) => [model.name as string, model]))
  const referrers = new Map<string, Referrer[]>()
  const referable = models.filter((model) => model.referrers !== 'none').map(({ name }) => name)
  for (const model of models) {
    for (const [field, shape] of Object.entries(model.fields)) {
      const rule = model.onDelete?.[field] ?? 'restrict'
      if (rule === 'clear' && (shape.kind === 'ref' || shape.kind === 'object') && shape.optional !== true) {
        throw new Error(`${model.name}.${field} cannot be cleared: it is not optional`)
      }
      for (const to of namesIn(shape, referable)) {
        const target = byName.get(to)
        if (target === undefined)
          throw new Error(`${model.name}.${field} refers to ${to}, which does not exist`)
        if (target.referrers === 'none')
          throw new Error(`${to} says nothing refers to it, but ${model.name}.${field} does`)
        referrers.set(to, [...(referrers.get(to) ?? []), { model, field, rule }])
      }
    }
  }
  return {
    all: models,
    has: (name) => byName.has(name),
    get(name) {
      const model = byName.get(name)
      if (model === undefined) throw new Error(`there is no model ${name}`)
      return model
    },
    referrersOf: (name) => referrers.get(name) ?? [],
  }
}

/** The models that a field may refer to. */
function namesIn(shape: FieldShape, referable: readonly string[]): readonly string[] {
  if (shape.kind === 'ref' || shape.kind === 'refs') return [shape.to]
  if (shape.kind !== 'object') return []
  return shape.to === 'any' ? referable : shape.to
}

/** Over how many presence items and reference partitions the referrers of one object are spread. */
export function presenceCount(model: Model): number {
  if (model.referrers === 'none') return 0
  return model.referrers === 'many' ? presenceShards : 1
}

/** Whether a row of the child that refers to one of the target by this field relies on fields of it (`frozen`). */
export const isRelying = (target: Model, child: Model, field: string): boolean =>
  Object.values(target.frozen ?? {}).some((rule) =>
    holdersOf(rule).some((name) => name === child.name || name === `${child.name}.${field}`),
  )

export const holdersOf = (rule: Frozen): readonly string[] => ('by' in rule ? rule.by : rule)

/** Over how many partitions the change records of a model are spread. */
export const changeShardCount = (model: Pick<Model, 'writes'>): number =>
  model.writes === 'many' ? changeShards : 1
