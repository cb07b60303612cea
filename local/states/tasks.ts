import * as z from 'zod'
import { type Host, ServiceError } from '../service.ts'
import { lambdaInvoke, type State } from './definition.ts'
import { StateFailure } from './failure.ts'
import type { Runnable, Scope } from './scope.ts'

const InvokeParameters = z.object({
  FunctionName: z.string(),
  Payload: z.unknown().optional(),
  InvocationType: z.enum(['RequestResponse', 'Event']).default('RequestResponse'),
})

const LambdaFailure = z.looseObject({ errorType: z.string().optional() })

/** A Lambda function, by its own ARN or by the `lambda:invoke` integration that CDK's LambdaInvoke makes. */
export function task(state: State, scope: Scope): Runnable {
  const resource = String(state['Resource'])
  return {
    state: { ...state, Type: 'Task' },
    work: (input) =>
      lambdaInvoke.test(resource)
        ? invokeByParameters(input, scope)
        : invoke({ functionArn: resource, payload: input }, scope).then((answer) => answer.value),
  }
}

async function invokeByParameters(input: unknown, scope: Scope): Promise<unknown> {
  const parsed = InvokeParameters.safeParse(input)
  if (!parsed.success)
    throw new StateFailure('States.Runtime', z.prettifyError(parsed.error), { terminal: true })
  const { FunctionName, Payload, InvocationType } = parsed.data
  const answer = await invoke(
    {
      functionArn: functionArn(FunctionName, scope.host),
      payload: Payload ?? {},
      event: InvocationType === 'Event',
    },
    scope,
  )
  return {
    ExecutedVersion: '$LATEST',
    Payload: answer.value,
    SdkHttpMetadata: { HttpStatusCode: answer.statusCode },
    SdkResponseMetadata: { RequestId: answer.requestId },
    StatusCode: answer.statusCode,
  }
}

type Call = { functionArn: string; payload: unknown; event?: boolean }

async function invoke(
  call: Call,
  scope: Scope,
): Promise<{ value: unknown; statusCode: number; requestId: string }> {
  const result = await scope.host
    .invoke(call.functionArn, call.payload, {
      caller: { kind: 'role', roleArn: scope.stateMachine.roleArn },
      mode: call.event === true ? 'event' : 'sync',
      signal: scope.signal,
    })
    .catch((error: unknown) => {
      throw refusalOf(error)
    })
  if (result.functionError !== undefined) throw functionFailure(result.payload)
  return {
    value: call.event === true || result.payload === '' ? {} : (JSON.parse(result.payload) as unknown),
    statusCode: result.statusCode,
    requestId: result.requestId,
  }
}

/** The error is the exception's class name; the cause is the function's whole answer, as text. */
function functionFailure(payload: string): StateFailure {
  const parsed = LambdaFailure.safeParse(tryJson(payload))
  return new StateFailure((parsed.success && parsed.data.errorType) || 'Lambda.Unknown', payload)
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/**
 * Faults of the Lambda service under their names in a state machine.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
function refusalOf(error: unknown): StateFailure {
  if (error instanceof StateFailure) return error
  if (!(error instanceof ServiceError)) {
    return new StateFailure(
      'Lambda.SdkClientException',
      error instanceof Error ? error.message : String(error),
    )
  }
  if (error.status >= 500) return new StateFailure('Lambda.ServiceException', error.message)
  // A missing grant comes under this name, with the code in the text.
  if (error.status === 403 || error.code.startsWith('AccessDenied')) {
    return new StateFailure(
      'Lambda.AWSLambdaException',
      `${error.message} (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException)`,
    )
  }
  return new StateFailure(`Lambda.${error.code}`, error.message)
}

function functionArn(nameOrArn: string, host: Host): string {
  return nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:lambda:${host.region}:${host.account}:function:${nameOrArn}`
}
