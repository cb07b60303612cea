import * as z from 'zod'
import { type Caller, type Host, ServiceError } from '../service.ts'

export type TargetCall = { targetArn: string; caller: Caller; input: string }

/** What rules and schedules can be aimed at here. */
const kinds: { pattern: RegExp; send: (host: Host, call: TargetCall) => Promise<unknown> }[] = [
  { pattern: /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/, send: invokeFunction },
  { pattern: /^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:/, send: startExecution },
  {
    pattern: /^arn:[^:]+:sqs:/,
    send: (host, { caller, targetArn, input }) => sendToQueue(host, caller, targetArn, { body: input }),
  },
  { pattern: /^arn:[^:]+:scheduler:::aws-sdk:sfn:startExecution$/, send: startNamedExecution },
]

/** Whether a target can be hosted; otherwise the runtime must say so at start. */
export const isKnownTarget = (arn: string): boolean => kinds.some(({ pattern }) => pattern.test(arn))

/** @throws ServiceError of the target's service. */
export async function sendToTarget(host: Host, call: TargetCall): Promise<void> {
  const kind = kinds.find(({ pattern }) => pattern.test(call.targetArn))
  if (kind === undefined) {
    throw new ServiceError(
      'ValidationException',
      `The target ${call.targetArn} is not offered by the local runtime.`,
    )
  }
  await kind.send(host, call)
}

async function invokeFunction(host: Host, { targetArn, caller, input }: TargetCall): Promise<void> {
  const result = await host.invoke(targetArn, readInput(input), { caller, mode: 'event' })
  if (result.statusCode >= 300) {
    throw new ServiceError('ServiceException', `Lambda answered ${result.statusCode}`, result.statusCode)
  }
}

function startExecution(host: Host, { targetArn, caller, input }: TargetCall): Promise<unknown> {
  return host.request({
    caller,
    service: 'states',
    action: 'StartExecution',
    input: { stateMachineArn: targetArn, input },
  })
}

const UniversalStart = z.strictObject({
  StateMachineArn: z.string(),
  Name: z.string().optional(),
  Input: z.string().optional(),
})

/** The universal target: the schedule's input is the API call, so the execution can be named after the time. */
async function startNamedExecution(host: Host, { caller, input }: TargetCall): Promise<void> {
  const parsed = UniversalStart.safeParse(readInput(input))
  if (!parsed.success) throw new ServiceError('ValidationException', z.prettifyError(parsed.error))
  const { StateMachineArn, Name, Input } = parsed.data
  await host.request({
    caller,
    service: 'states',
    action: 'StartExecution',
    input: {
      stateMachineArn: StateMachineArn,
      ...(Name !== undefined && { name: Name }),
      ...(Input !== undefined && { input: Input }),
    },
  })
}

export async function sendToQueue(
  host: Host,
  caller: Caller,
  queueArn: string,
  message: { body: string; notes?: Record<string, string> },
): Promise<void> {
  const queue = host.resources.queues.find(({ arn }) => arn === queueArn)
  if (queue === undefined)
    throw new ServiceError('AWS.SimpleQueueService.NonExistentQueue', `No queue ${queueArn}.`)
  const attributes = Object.entries(message.notes ?? {}).map(([name, text]) => [
    name,
    { DataType: 'String', StringValue: text === '' ? '-' : text },
  ])
  await host.request({
    caller,
    service: 'sqs',
    action: 'SendMessage',
    input: {
      QueueUrl: queue.url,
      MessageBody: message.body,
      ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) as unknown }),
    },
  })
}

function readInput(input: string): unknown {
  try {
    return JSON.parse(input) as unknown
  } catch {
    throw new ServiceError('ValidationException', 'The input of the target is not JSON.')
  }
}
