import { randomUUID } from 'node:crypto'
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { type Host, type LocalService, ServiceError } from '../service.ts'

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, as far as the limits are told there. */
const messageBytesMax = 256 * 1024
const subject = /^[\x21-\x7e][\x20-\x7e]{0,98}$/
const topicArn = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:([A-Za-z0-9_-]{1,256}(?:\.fifo)?)$/

const Attribute = z.object({
  DataType: z.string().regex(/^(?:String|Number|Binary)(?:\..+)?$/),
  StringValue: z.string().min(1).optional(),
  BinaryValue: z.string().optional(),
})
const PublishInput = z.object({
  TopicArn: z.string(),
  Message: z.string().min(1),
  Subject: z.string().optional(),
  MessageStructure: z.enum(['json']).optional(),
  MessageAttributes: z.record(z.string(), Attribute).default({}),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
})
type PublishInput = z.infer<typeof PublishInput>

/**
 * Topics without anybody who listens: what is published lies in `<data>/topics/<name>.jsonl`, one message a line. Each
 * topic that a role of the template may publish to exists.
 */
export function createSns({ dataDir, log, now }: Pick<Host, 'dataDir' | 'log' | 'now'>): LocalService {
  const folder = join(dataDir, 'topics')
  return {
    name: 'sns',
    actions: {
      Publish: {
        resources: ({ TopicArn }) => [String(TopicArn)],
        async run(given) {
          const input = PublishInput.parse(given)
          const name = topicArn.exec(input.TopicArn)?.[1]
          if (name === undefined) throw invalid('TopicArn')
          const message = checked(input, name.endsWith('.fifo'))
          const MessageId = randomUUID()
          const line = {
            at: now().toISOString(),
            id: MessageId,
            topic: input.TopicArn,
            subject: input.Subject,
            message,
            attributes: input.MessageAttributes,
            group: input.MessageGroupId,
            deduplication: input.MessageDeduplicationId,
          }
          await mkdir(folder, { recursive: true })
          await appendFile(join(folder, `${name}.jsonl`), `${JSON.stringify(line)}\n`)
          log('info', 'published', { topic: input.TopicArn, subject: input.Subject, id: MessageId })
          return { MessageId }
        },
      },
    },
  }
}

const invalid = (what: string): ServiceError =>
  new ServiceError('InvalidParameter', `Invalid parameter: ${what}`)

/** @returns the text of a message, or with a structure its texts by protocol. */
function checked(input: PublishInput, isFifo: boolean): unknown {
  const { Message, Subject, MessageStructure, MessageAttributes } = input
  const named = Object.entries(MessageAttributes).flatMap(
    ([name, { DataType, StringValue, BinaryValue }]) => [name, DataType, StringValue ?? BinaryValue ?? ''],
  )
  const bytes = [Message, ...named].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (bytes > messageBytesMax) throw invalid('Message too long')
  if (Subject !== undefined && !subject.test(Subject)) throw invalid('Subject')
  if (isFifo && input.MessageGroupId === undefined)
    throw invalid('The MessageGroupId parameter is required for FIFO topics')
  if (MessageStructure === undefined) return Message
  const texts = textsOf(Message)
  if (texts?.['default'] === undefined)
    throw invalid('Message Structure - No default entry in JSON message body')
  return texts
}

function textsOf(message: string): Record<string, string> | undefined {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(message))
  } catch {
    return undefined
  }
}
