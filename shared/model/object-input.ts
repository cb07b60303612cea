import * as z from 'zod'
import type { Issue } from '../errors.ts'
import type { Model } from './define.ts'
import { isOptional } from './field-schema.ts'
import type { Field, ObjectField } from './fields.ts'
import type { Mode } from './input.ts'

/** The two members in which a caller gives an object reference. */
export function objectMembers(name: string, field: ObjectField & Field): Record<string, z.ZodType> {
  const type =
    field.to === 'any'
      ? z.string().regex(/^[a-z]+\.[a-z]+$/, 'A type such as dcim.device is expected.')
      : z.enum(field.to)
  return {
    [`${name}_type`]: type.nullable().optional(),
    [`${name}_id`]: z
      .union([
        z.int().positive(),
        z
          .string()
          .regex(/^\d{1,16}$/)
          .transform(Number),
      ])
      .nullable()
      .optional(),
  }
}

/**
 * Joins `<name>_type` and `<name>_id` to one value. Both must be given, or both null; neither leaves a change of other
 * fields alone, and a creation without an object.
 */
export function foldObjects(
  model: Model,
  given: Readonly<Record<string, unknown>>,
  mode: Mode,
): { values: Record<string, unknown>; issues: Issue[] } {
  const values: Record<string, unknown> = { ...given }
  const issues: Issue[] = []
  for (const [name, field] of Object.entries(model.fields)) {
    if (field.kind !== 'object') continue
    const [typeName, idName] = [`${name}_type`, `${name}_id`]
    const { [typeName]: type, [idName]: id } = values
    delete values[typeName]
    delete values[idName]
    if (type === undefined && id === undefined) {
      const isMissing = mode === 'create' && !isOptional(field) && values[name] === undefined
      if (isMissing) issues.push({ path: idName, message: 'This field is required.' })
      continue
    }
    const isNull = (type ?? null) === null && (id ?? null) === null
    if (isNull && isOptional(field)) values[name] = null
    else if (isNull) issues.push({ path: idName, message: 'This field may not be null.' })
    else if ((type ?? null) === null)
      issues.push({ path: typeName, message: `The type of the object is expected beside ${idName}.` })
    else if ((id ?? null) === null)
      issues.push({ path: idName, message: `The id of the object is expected beside ${typeName}.` })
    else values[name] = { type, id }
  }
  return { values, issues }
}
