import { describe, expect, test } from 'vitest'
import { deliver, DeliveryError } from '../../../shared/backups/notify/delivery.ts'
import { destinationProblems } from '../../../shared/backups/notify/destination.ts'
import type { RunMessage } from '../../../shared/backups/notify/message.ts'
import { publicationOf, publish, type Publication } from '../../../shared/backups/notify/topic.ts'

const topicArn = 'arn:aws:sns:eu-central-1:123456789012:network'
const delivery = { topicArn, subscriptionId: 9, deliveryId: '7-9', attributes: { run: 7, failed: 2 } }
const limit = 256 * 1024

type Change = RunMessage['changed'][number]
const change = (id: number, diff: string | null): Change => ({
  device: { id, name: `sw${id}` },
  version: 2,
  significant: true,
  added: 1,
  removed: 0,
  diff,
  is_cut: false,
})
const message = (given: Partial<RunMessage> = {}): RunMessage => ({
  event: 'backup_run',
  subscription: 'core',
  run: { id: 7, status: 'partial', requested_by: 'ops', started: null, finished: '2026-11-26T08:00:00.000Z' },
  changed: [change(1, '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n')],
  failed: [],
  noncompliant: [],
  conflicts: [],
  left_out: 0,
  ...given,
})
const failure = (id: number, detail: string): RunMessage['failed'][number] => ({
  device: { id, name: `sw${id}` },
  category: 'auth',
  detail,
})
const textsOf = (publication: Publication) =>
  JSON.parse(publication.message) as { default: string; email: string; sms: string }
const toldOf = (publication: Publication) => JSON.parse(textsOf(publication).default) as RunMessage

/** As the service counts: UTF-8 of everything. */
const bytesOf = ({ message: text, subject, attributes }: Publication): number =>
  Buffer.byteLength(
    [text, subject, ...Object.entries(attributes).flatMap(([name, value]) => [name, 'Number', value])].join(
      '',
    ),
  )

describe('the ARN of a topic', () => {
  const problems = (destination: string): string[] =>
    destinationProblems({ channel: 'sns', destination, mail_server: null } as never).map(
      ({ path, message: text }) => `${path}: ${text}`,
    )

  test.each([
    topicArn,
    `${topicArn}.fifo`,
    'arn:aws-cn:sns:cn-north-1:123456789012:a_b-C9',
    'arn:aws-us-gov:sns:us-gov-west-1:123456789012:x',
    'arn:aws-iso-b:sns:us-isob-east-1:123456789012:x',
    `arn:aws:sns:us-east-1:123456789012:${'x'.repeat(256)}`,
  ])('%s is one', (arn) => {
    expect(problems(arn)).toEqual([])
  })

  test.each([
    '',
    'network',
    'arn:aws:sqs:eu-central-1:123456789012:network',
    'arn:aws:sns:eu-central-1:12345:network',
    'arn:aws:sns::123456789012:network',
    'arn:aws:sns:eu-central-1:123456789012:net work',
    'arn:aws:sns:eu-central-1:123456789012:*',
    `arn:aws:sns:us-east-1:123456789012:${'x'.repeat(257)}`,
    `${topicArn}.fifo.fifo`,
    ` ${topicArn}`,
    `${topicArn}\n`,
  ])('"%s" is none', (arn) => {
    expect(problems(arn)).toEqual([expect.stringMatching(/^destination: The ARN of an SNS topic is needed/)])
  })

  test('of a subscription to a topic is told from that of the topic', () => {
    expect(problems(`${topicArn}:6d0a5f5e-0000-4000-8000-000000000000`)).toEqual([
      expect.stringContaining('ARN of a subscription'),
    ])
  })
})

describe('a message to a topic', () => {
  test('is the JSON of a webhook for programs, the text of a mail for people, and attributes to choose by', () => {
    const told = message()
    const publication = publicationOf(delivery, told)

    expect(toldOf(publication)).toEqual(told)
    expect(textsOf(publication).email).toContain('- sw1: version 2 (+1 -0 lines)')
    expect(textsOf(publication).sms).toBe('netkeep: 1 changed: sw1')
    expect(publication).toMatchObject({
      topicArn,
      region: 'eu-central-1',
      subject: 'netkeep: 1 changed: sw1',
    })
    expect(publication.attributes).toEqual({ event: 'backup_run', subscription: 'core', run: 7, failed: 2 })
    expect(publication).not.toHaveProperty('order')
  })

  test('to a FIFO topic keeps the order within a subscription, and tells copies', () => {
    const publication = publicationOf({ ...delivery, topicArn: `${topicArn}.fifo` }, message())

    expect(publication.order).toEqual({ groupId: 'subscription-9', deduplicationId: '7-9' })
  })

  test.each([
    ['Zürich Köln', 'Zurich Koln'],
    ['核心-01', '??-01'],
    ['a\nb\tc', 'a?b?c'],
  ])('has a subject of plain letters: %j', (name, shown) => {
    const failed = [{ ...failure(1, ''), device: { id: 1, name } }]

    expect(publicationOf(delivery, message({ changed: [], failed })).subject).toBe(
      `netkeep: 1 failed: ${shown}`,
    )
  })

  test('has a subject of less than 100 characters', () => {
    const failed = ['a', 'b', 'c', 'd'].map((letter, index) => ({
      ...failure(index, ''),
      device: { id: index, name: letter.repeat(60) },
    }))
    const { subject } = publicationOf(delivery, message({ changed: [], failed }))

    expect(subject).toHaveLength(99)
    expect(subject).toMatch(/^netkeep: 4 failed: a{60}, b+\.\.\.$/)
  })

  test.each([
    ['of one byte a letter', 'x'],
    ['of two', 'é'],
    ['of four', '🙂'],
    ['that JSON escapes', '"'],
    ['that JSON escapes at length', '\u0001'],
  ])('of diffs %s fits, with the first diffs whole and the others said to be left out', (_what, letter) => {
    const diff = letter.repeat(16_000 / letter.length)
    const changed = Array.from({ length: 40 }, (_, id) => change(id, diff))
    const publication = publicationOf(delivery, message({ changed }))
    const told = toldOf(publication)
    const whole = told.changed.filter((one) => one.diff === diff)
    const oneMore =
      Buffer.byteLength(JSON.stringify(JSON.stringify(diff))) + Buffer.byteLength(JSON.stringify(diff))

    expect(bytesOf(publication)).toBeLessThanOrEqual(limit)
    expect(bytesOf(publication) + oneMore + 100).toBeGreaterThan(limit)
    expect(whole.length).toBeGreaterThan(0)
    expect(told.changed.slice(0, whole.length)).toEqual(whole)
    expect(told.changed.slice(whole.length).every((one) => one.diff === null && one.is_cut)).toBe(true)
    expect(told.changed).toHaveLength(40)
    expect(told.left_out).toBe(0)
    expect(textsOf(publication).email).toContain('- sw39: version 2 (+1 -0 lines), too long to be shown')
  })

  test('of more devices than fit names failures before changes, and counts the rest', () => {
    const failed = Array.from({ length: 100 }, (_, id) => failure(id, 'ä'.repeat(800)))
    const changed = Array.from({ length: 100 }, (_, id) => change(1000 + id, 'x'.repeat(50)))
    const fields = [{ field: 'serial', kind: 'missing', inventory: '', observed: 'A1' } as const]
    const conflicts = [{ device: { id: 1, name: 'sw1' }, fields }]
    const publication = publicationOf(delivery, message({ failed, changed, conflicts, left_out: 5 }))
    const told = toldOf(publication)

    expect(bytesOf(publication)).toBeLessThanOrEqual(limit)
    expect(told.failed.length).toBeGreaterThan(50)
    expect(told.failed.length).toBeLessThan(100)
    expect([told.changed, told.conflicts]).toEqual([[], []])
    expect(told.left_out).toBe(5 + 201 - told.failed.length)
    expect(textsOf(publication).email).toContain(`${told.left_out} more devices are left out`)
  })

  test('of more changes than fit leaves these out, and keeps failures and conflicts', () => {
    const failed = [failure(1, 'closed')]
    const fields = [{ field: 'serial', kind: 'differs', inventory: 'B2', observed: 'A1' } as const]
    const conflicts = [{ device: { id: 1, name: 'sw1' }, fields }]
    const changed = Array.from({ length: 200 }, (_, id) => {
      const one = change(id, null)
      return { ...one, device: { id, name: `${id}-${'ä'.repeat(400)}` } }
    })
    const told = toldOf(publicationOf(delivery, message({ failed, changed, conflicts })))

    expect([told.failed, told.conflicts]).toEqual([failed, conflicts])
    expect(told.changed.length).toBeGreaterThan(50)
    expect(told.changed).toEqual(changed.slice(0, 200 - told.left_out))
  })

  test('that nothing of fits says at least how many there are', () => {
    const told = toldOf(
      publicationOf(delivery, message({ changed: [], failed: [failure(1, 'x'.repeat(limit))] })),
    )

    expect([told.failed, told.left_out]).toEqual([[], 1])
  })
})

describe('what a topic answers', () => {
  const named = (name: string, more: Record<string, unknown> = {}): Error =>
    Object.assign(new Error('in the words of SNS'), { name, ...more })
  const failureOf = async (cause: Error): Promise<{ message: string; isPassing: boolean }> => {
    const topics = { publish: () => Promise.reject(cause) }
    const error = await publish(topics, delivery, message()).catch((thrown: unknown) => thrown)
    if (!(error instanceof DeliveryError)) throw new Error('no DeliveryError', { cause: error })
    return { message: error.message, isPassing: error.isPassing }
  }

  test.each([
    [named('AuthorizationErrorException'), `may not publish to ${topicArn}: add it to notificationTopicArns`],
    [named('NotFoundException'), `there is no topic ${topicArn}`],
    [named('KMSAccessDeniedException'), `the key that encrypts ${topicArn} cannot be used: KMSAccessDenied`],
    [named('InvalidParameterException'), 'SNS refused the message: InvalidParameter: in the words of SNS'],
  ])('%s is meant', async (cause, words) => {
    expect(await failureOf(cause)).toEqual({
      message: expect.stringContaining(words) as unknown,
      isPassing: false,
    })
  })

  test.each([
    named('ThrottledException'),
    named('KMSThrottlingException'),
    named('InternalErrorException', { $metadata: { httpStatusCode: 500 } }),
    named('TimeoutError'),
    named('Error', { code: 'ENOTFOUND' }),
  ])('%s may pass', async (cause) => {
    expect(await failureOf(cause)).toEqual({
      message: expect.stringContaining('SNS did not take the message') as unknown,
      isPassing: true,
    })
  })

  test('is delivered once it takes the message', async () => {
    const sent: Publication[] = []
    const topics = {
      publish: async (publication: Publication) => {
        sent.push(publication)
        if (sent.length < 2) throw named('ThrottledException')
      },
    }

    const outcome = await deliver(
      () => publish(topics, delivery, message()),
      async () => undefined,
    )

    expect(outcome).toEqual({ attempts: 2 })
    expect(sent).toHaveLength(2)
  })
})
