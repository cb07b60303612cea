import { attributeType, type Topics } from '../../shared/backups/notify/topic.ts'
import { PublishCommand, SNSClient } from './sns-sdk.ts'

/** A topic is spoken to in its own region. Attempts are counted by who delivers, so there is one here. */
const clients = new Map<string, SNSClient>()
const requestHandler = { connectionTimeout: 2000, requestTimeout: 8000 }

function clientOf(region: string): SNSClient {
  const client = clients.get(region) ?? new SNSClient({ region, maxAttempts: 1, requestHandler })
  clients.set(region, client)
  return client
}

export const snsTopics: Topics = {
  async publish({ topicArn, region, subject, message, attributes, order }) {
    const typed = Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: attributeType(value), StringValue: String(value) },
    ])
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: message,
      MessageStructure: 'json',
      MessageAttributes: Object.fromEntries(typed),
      ...(order === undefined
        ? {}
        : { MessageGroupId: order.groupId, MessageDeduplicationId: order.deduplicationId }),
    })
    await clientOf(region).send(command)
  },
}
