import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAuthorizer } from '../../local/gateway/authorizer.ts'
import { objectClasses } from '../../local/gateway/object-classes.ts'
import type { PolicyDocument, TemplateResources } from '../../local/template/resources.ts'

const bucket = 'arn:aws:s3:::archive'
const roleArn = 'arn:aws:iam::000000000000:role/reader'
const caller = { kind: 'role', roleArn } as const

/** Some of everything that tells one object from another. */
const document: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: [`${bucket}/configs/*`, `${bucket}/raw/?/now`] },
    { Effect: 'Deny', Action: 's3:*', Resource: `${bucket}/*/secret` },
    { Effect: 'Allow', Action: 's3:GetObject', NotResource: [`${bucket}/configs/*`, `${bucket}/raw/*`] },
  ],
}
const bucketPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `${bucket}/raw/1/*` }],
}

const authorizer = () =>
  createAuthorizer(
    {
      roles: [{ arn: roleArn, name: 'reader', policies: [{ name: 'own', document }] }],
      buckets: [{ name: 'archive', arn: bucket, policy: bucketPolicy }],
      queues: [],
      keys: [],
      functions: [],
    } as unknown as TemplateResources,
    '000000000000',
    () => {},
  )

const part = fc.constantFrom('configs', 'raw', '1', '2', '12', 'now', 'secret', 'a.b', '', 'a+(b)')
const objects = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => `${bucket}/${parts.join('/') || 'a'}`)

describe('objects that the policies cannot tell apart', () => {
  test('are decided as each would be by itself', async () => {
    const shared = authorizer()
    const decided = new Set<boolean>()

    await fc.assert(
      fc.asyncProperty(objects, async (resource) => {
        const need = { action: 's3:GetObject', resource }
        const alone = await authorizer().isAllowed(caller, need)
        decided.add(alone)
        expect(await shared.isAllowed(caller, need)).toBe(alone)
      }),
      { numRuns: 300 },
    )

    expect(decided).toEqual(new Set([true, false]))
  })

  test('are one, however many keys there are', () => {
    const { classOf } = objectClasses([document, bucketPolicy])
    const keys = (folder: string): string[] =>
      Array.from({ length: 1000 }, (_, index) => `${bucket}/${folder}/${(index + 16) * 7919}`)

    expect(new Set(keys('configs').map(classOf)).size).toBe(1)
    expect(new Set([...keys('configs'), ...keys('raw'), ...keys('git')].map(classOf)).size).toBe(3)
  })

  test('are each their own where a pattern has a variable', () => {
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/\${aws:userid}/*` }]
    const { classOf } = objectClasses([{ Version: '2012-10-17', Statement }])

    expect(classOf(`${bucket}/a/1`)).not.toBe(classOf(`${bucket}/a/2`))
  })
})
