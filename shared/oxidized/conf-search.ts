import * as z from 'zod'
import { configSearchRoutes } from '../backups/search/routes.ts'
import type { searchConfigs } from '../backups/search/search-configs.ts'
import { AppError } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import { fullName, readNodes } from './nodes.ts'

type Asked = Parameters<typeof searchConfigs>[1]
type Search = (asked: Asked) => ReturnType<typeof searchConfigs>

/** The one field of oxidized-web's form. */
const field = 'search_in_conf_textbox'
const Form = z.object({ [field]: configSearchRoutes.searchConfigs.query.shape.q })

/** An answer has no pages here, so it is whole or it is none. Below what the function has. */
const searchSeconds = 20

/**
 * Nodes that have the expression in a line of their newest configuration, by name. `^` and `$` are a line's ends, as
 * they are in the expressions of Oxidized.
 * @throws AppError `validation_failed` for what is no expression of RE2; `unavailable` where not all was searched in time.
 */
export async function searchNodes(
  engine: Engine,
  search: Search,
  expression: string,
): Promise<{ node: string; full_name: string }[]> {
  // Only the devices are told, so no lines are asked for.
  const all = { history: false, context: 0, lines: 0, limit: Infinity, seconds: searchSeconds }
  const { results, stopped } = await search({ q: expression, regex: true, case: true, ...all })
  if (stopped !== null)
    throw new AppError(
      'unavailable',
      `Not everything was searched within ${searchSeconds} s: try again, or search by pages at /api/backups/search/.`,
    )
  const found = new Set(results.map(({ device: { id } }) => id))
  const nodes = await readNodes(engine, ({ id }) => found.has(id))
  return nodes.map((node) => ({ node: node.name, full_name: fullName(node) }))
}

/**
 * The expression in a form as browsers and curl send it, in either encoding.
 * @throws AppError `malformed_body`; `validation_failed` where the field is missing, empty, or not one line.
 */
export async function readExpression(body: Uint8Array, contentType: string): Promise<string> {
  const form = await parseForm(body, contentType)
  const parsed = Form.safeParse({ [field]: form.get(field) ?? '' })
  if (parsed.success) return parsed.data[field]
  const issues = parsed.error.issues.map(({ message }) => ({ path: field, message }))
  throw new AppError('validation_failed', undefined, { issues })
}

async function parseForm(body: Uint8Array, contentType: string): Promise<FormData> {
  try {
    const headers = { 'content-type': contentType }
    return await new Response(new Uint8Array(body), { headers }).formData()
  } catch (cause) {
    throw new AppError('malformed_body', 'The body is not a form.', { cause })
  }
}
