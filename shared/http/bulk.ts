import * as z from 'zod'
import { AppError } from '../errors.ts'
import { problemOf, rejectProblems } from '../model/problems.ts'
import type { RowUpdate } from '../model/records.ts'
import { bulkRowsMax } from './request.ts'

/** @throws AppError `too_large` above the most rows. */
export function bulkItems(body: unknown): unknown[] {
  if (!Array.isArray(body))
    throw new AppError('validation_failed', 'A list of objects, each with its id, is expected.')
  if (body.length > bulkRowsMax) throw new AppError('too_large', `At most ${bulkRowsMax} rows at once.`)
  return body
}

/** pynetbox sends ids as numbers or digits. */
const Id = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number),
])
const Head = z.looseObject({ id: Id, _version: z.int().optional() })

/** Rows of a bulk update or deletion, by their ids. @throws AppError naming each row without one. */
export function bulkUpdates(body: unknown): RowUpdate[] {
  const heads = bulkItems(body).map((item) => Head.safeParse(item))
  const problems = heads.flatMap((head, index) => {
    const isVersion = head.error?.issues.every(({ path }) => path[0] === '_version') === true
    const issue = isVersion
      ? { path: '_version', message: 'An integer is expected.' }
      : { path: 'id', message: 'An id is expected.' }
    return problemOf({ index }, head.success ? [] : [issue])
  })
  rejectProblems(problems, true)
  return heads.flatMap(({ data }) => {
    if (data === undefined) return []
    const { id, _version, ...values } = data
    return [{ id, version: _version, values: values as Record<string, never> }]
  })
}
