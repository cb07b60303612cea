import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { JsonAnswer } from '../dynamodb/dynamodb-client.ts'
import { type Caller, type Faults, type Host, ServiceError } from '../service.ts'
import type { Authorizer } from './authorizer.ts'
import type { Input, JsonDoor } from './door.ts'
import { conflictOf } from './dynamodb-door.ts'

export type JsonRequest = {
  service: string
  target: string
  action: string
  input: Input
  body: string
  caller: Caller
  requestId: string
}

type Options = {
  doors: ReadonlyMap<string, JsonDoor>
  authorizer: Authorizer
  faults: Faults
  used: Host['used']
}

/** What a service answers to a throttled call. */
const throttleCodes: Record<string, string> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  sns: 'Throttled',
}

/**
 * One call of a JSON-protocol service, the same for a worker's SDK and for the runtime's own services:
 * faults, then the caller's policies, then the service.
 * @throws ServiceError what the service refuses, and what an injected fault answers.
 */
export async function callJson(
  { doors, authorizer, faults, used }: Options,
  request: JsonRequest,
): Promise<JsonAnswer> {
  const { service, action, input, body, caller, requestId, target } = request
  const door = doors.get(service)
  if (door === undefined)
    throw new ServiceError(
      'UnknownOperationException',
      `${service}:${action} is not offered by the local runtime`,
      404,
    )
  try {
    await authorizer.require(caller, door.needs(action, input))
    const effect = faults.take(service, action, body)
    if (effect?.kind === 'delay') await sleep(effect.delayMs)
    if (effect?.kind === 'throttle')
      throw new ServiceError(throttleCodes[service] ?? 'ThrottlingException', 'Rate exceeded (injected)')
    if (effect?.kind === 'conflict') throw conflictOf(action, input)
    if (effect?.kind === 'error')
      throw new ServiceError(effect.code, effect.message ?? 'injected', effect.status)
    const answer = await door.run({ target, action, input, body, context: { caller, requestId } })
    used({ kind: 'call', caller, service, action, input, answer: answer.body })
    if (effect?.kind === 'applied_but_failed')
      throw new ServiceError('InternalServerError', 'The answer was lost (injected)', 500)
    return answer
  } catch (error) {
    if (error instanceof z.ZodError)
      throw Object.assign(new ServiceError('ValidationException', error.message), { cause: error })
    throw error
  }
}

/** Answers of JSON protocols carry the error's name in the body and, for REST, in a header. */
export function jsonError(error: ServiceError): JsonAnswer & { code: string } {
  const { code, message, status, members } = error
  // A denial is a 400 in the JSON protocols of AWS; only REST services answer 403.
  const shown = code === 'AccessDeniedException' ? 400 : status
  return {
    status: shown,
    code,
    body: JSON.stringify({ __type: code, message, Message: message, ...members }),
  }
}

const Refusal = z.looseObject({
  __type: z.string().default('InternalServerError'),
  message: z.string().optional(),
  Message: z.string().optional(),
})

/** @throws ServiceError what a refused answer says. */
export function outputOf({ status, body }: JsonAnswer): Input {
  const parsed = (body === '' ? {} : JSON.parse(body)) as Input
  if (status < 300) return parsed
  const { __type, message, Message, ...members } = Refusal.parse(parsed)
  const code = __type.split('#').at(-1) ?? 'InternalServerError'
  throw new ServiceError(code, message ?? Message ?? '', status, members)
}
