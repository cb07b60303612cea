import * as z from 'zod'
import type { Outcome } from '../lambda/worker-thread.ts'

/** What goes back to the client. */
export type HttpAnswer = { status: number; headers: Record<string, string>; cookies: string[]; body: Buffer }

const Structured = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
})

/** API Gateway's own answers. */
export function gatewayAnswer(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  }
}

/**
 * A function's result in payload format 2.0: an object with a status code is the answer itself, anything else is the
 * body of a 200 (API Gateway developer guide, Lambda function response for format 2.0).
 */
export function toAnswer(outcome: Outcome): HttpAnswer {
  if (outcome.functionError !== undefined) return gatewayAnswer(500, 'Internal Server Error')
  const result: unknown = JSON.parse(outcome.payload)
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = Buffer.from(typeof result === 'string' ? result : outcome.payload)
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body }
  }
  const parsed = Structured.safeParse(result)
  if (!parsed.success) return gatewayAnswer(500, 'Internal Server Error')
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(named) },
    cookies: cookies ?? [],
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}
