import * as z from 'zod'
import type { Host } from '../service.ts'
import { readAnswer } from './answer.ts'
import type { Mapping } from './mapping.ts'
import type { Source, SourceOptions } from './source.ts'
import { createWake, type Wake } from './wake.ts'

/** A look without a reason: messages come back by themselves when their visibility timeout ends. */
const idleMs = 1000
/** SQS gives at most 10 messages at a time. */
const messagesMax = 10

const Attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
})
const Message = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string().default(''),
  Attributes: z.record(z.string(), z.string()).default({}),
  MessageAttributes: z.record(z.string(), Attribute).default({}),
})
type Message = z.infer<typeof Message>
const Received = z.object({ Messages: z.array(Message).nullish() })

type Poller = {
  host: Host
  mapping: Mapping
  options: SourceOptions
  url: string
  wake: Wake
  signal: AbortSignal
}

/** Reads a queue under the function's role and hands its messages to the function, one batch at a time. */
export function createQueueSource(host: Host, mapping: Mapping, options: SourceOptions): Source {
  const queue = host.resources.queues.find(({ arn }) => arn === mapping.sourceArn)
  if (queue === undefined) throw new Error(`the template has no queue ${mapping.sourceArn}`)
  const stopped = new AbortController()
  const wake = createWake()
  const forget = host.onQueueSend(queue.arn, () => wake.call())
  const poller: Poller = { host, mapping, options, url: queue.url, wake, signal: stopped.signal }
  let running: Promise<void> | undefined
  return {
    async start() {
      const caller = {
        kind: 'role' as const,
        roleArn: mapping.function.roleArn,
        functionArn: mapping.function.arn,
      }
      for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
        await host.authorize(caller, `sqs:${action}`, queue.arn)
      }
      running = poll(poller)
    },
    async stop() {
      forget()
      stopped.abort()
      await running
    },
  }
}

async function poll(poller: Poller): Promise<void> {
  const { host, mapping, signal, wake } = poller
  while (!signal.aborted) {
    try {
      const messages = await gather(poller)
      if (messages.length === 0) await wake.sleep(idleMs, signal)
      else await processMessages(poller, messages)
    } catch (error) {
      if (signal.aborted) return
      host.log('error', 'a queue cannot be read', { mapping: mapping.id, error: String(error) })
      await createWake().sleep(idleMs, signal)
    }
  }
}

async function gather(poller: Poller): Promise<Message[]> {
  const { mapping, options, wake, signal } = poller
  const messages = await receive(poller, mapping.batchSize)
  if (messages.length === 0) return messages
  const deadline = Date.now() + mapping.windowSeconds * options.secondMs
  while (messages.length < mapping.batchSize && !signal.aborted) {
    const more = await receive(poller, mapping.batchSize - messages.length)
    messages.push(...more)
    if (more.length > 0) continue
    if (Date.now() >= deadline) break
    await wake.sleep(Math.min(deadline - Date.now(), idleMs), signal)
  }
  return messages
}

async function receive(poller: Poller, wanted: number): Promise<Message[]> {
  const answer = await call(poller, 'ReceiveMessage', {
    MaxNumberOfMessages: Math.min(wanted, messagesMax),
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  })
  return Received.parse(answer).Messages ?? []
}

async function processMessages(poller: Poller, messages: readonly Message[]): Promise<void> {
  const { host, mapping, signal } = poller
  const [wanted, unwanted] = partition(messages, mapping)
  await remove(poller, unwanted)
  if (wanted.length === 0) return
  const payload = { Records: wanted.map((message) => recordOf(message, poller)) }
  const invoke = (): ReturnType<Host['invoke']> =>
    host.invoke(mapping.function.arn, payload, { caller: { kind: 'operator' }, signal })
  let result = await invoke()
  if (host.faults.take('sources', 'deliver', JSON.stringify(payload))?.kind === 'duplicate')
    result = await invoke()
  // A message that stays comes back after its visibility timeout; the queue's redrive policy counts.
  if (signal.aborted) return
  const answer = readAnswer(
    result,
    new Set(wanted.map(({ MessageId }) => MessageId)),
    mapping.reportsFailures,
  )
  if (answer.kind === 'failed') return
  await remove(
    poller,
    wanted.filter(({ MessageId }) => answer.kind === 'succeeded' || !answer.failed.has(MessageId)),
  )
}

/** A filter on `body` looks into its JSON where it is some. A message that no filter wants is deleted, as on AWS. */
function partition(messages: readonly Message[], mapping: Mapping): [Message[], Message[]] {
  const wanted: Message[] = []
  const unwanted: Message[] = []
  for (const message of messages) {
    const { Body, MessageId, Attributes, MessageAttributes } = message
    const view = {
      messageId: MessageId,
      body: jsonOr(Body),
      attributes: Attributes,
      messageAttributes: MessageAttributes,
    }
    ;(mapping.accepts(view) ? wanted : unwanted).push(message)
  }
  return [wanted, unwanted]
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function recordOf(message: Message, { host, mapping }: Poller): Record<string, unknown> {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          dataType: DataType,
          stringValue: StringValue,
          binaryValue: BinaryValue,
          stringListValues: [],
          binaryListValues: [],
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: mapping.sourceArn,
    awsRegion: host.region,
  }
}

async function remove(poller: Poller, messages: readonly Message[]): Promise<void> {
  for (const { ReceiptHandle } of messages) await call(poller, 'DeleteMessage', { ReceiptHandle })
}

function call(
  { host, mapping, url }: Poller,
  action: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  return host.request({
    caller: { kind: 'role', roleArn: mapping.function.roleArn, functionArn: mapping.function.arn },
    service: 'sqs',
    action,
    input: { QueueUrl: url, ...input },
  })
}
