import { areas } from '../../infra/areas.ts'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../../infra/constructs/bundle.ts'
import { environmentNames } from '../../shared/environment.ts'
import { inWords, synthesise, type Resource, type Synthesised } from './synthesised.ts'

let all: Synthesised

beforeAll(() => {
  all = synthesise()
})

/** Resources of a type whose properties lack what is expected, by name: an empty list is the pass. */
function lacking(type: string, expected: (resource: Resource) => boolean): string[] {
  const resources = all.ofType(type)
  if (resources.length === 0) throw new Error(`there is no ${type}`)
  return resources.filter((resource) => !expected(resource)).map(({ stack, id }) => `${stack}/${id}`)
}

const has = (resource: Resource, properties: Record<string, unknown>): boolean => {
  try {
    expect(resource.properties).toMatchObject(properties)
    return true
  } catch {
    return false
  }
}

describe('what is kept', () => {
  test('there is one table, with its keys, its index and its protections', () => {
    const tables = all.ofType('AWS::DynamoDB::Table')

    expect(tables).toHaveLength(1)
    expect(tables[0]?.deletionPolicy).toBe('Retain')
    expect(tables[0]?.properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: [
            { AttributeName: 'gsi1pk', KeyType: 'HASH' },
            { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    })
  })

  test('every bucket is private, encrypted and kept', () => {
    const guarded = (bucket: Resource): boolean =>
      bucket.deletionPolicy === 'Retain' &&
      has(bucket, {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      })

    expect(lacking('AWS::S3::Bucket', guarded)).toEqual([])
  })

  test('no bucket has ACLs but the one that CloudFront delivers its logs to', () => {
    const withoutAcls = (bucket: Resource): boolean =>
      has(bucket, { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } })

    expect(lacking('AWS::S3::Bucket', withoutAcls)).toEqual([
      expect.stringMatching(/^netkeep-web\/AccessLogs/),
    ])
  })

  test.each(['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'])('every %s refuses plain HTTP', (type) => {
    const holders = type === 'AWS::S3::BucketPolicy' ? 'AWS::S3::Bucket' : 'AWS::SQS::Queue'
    const deniesHttp = ({ properties }: Resource): boolean =>
      JSON.stringify(properties).includes(
        '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
      )

    expect(all.ofType(type)).toHaveLength(all.ofType(holders).length)
    expect(lacking(type, deniesHttp)).toEqual([])
  })

  test('configurations have versions, work lists go after a month, and all access is logged', () => {
    const bucket = (id: string): Record<string, unknown> | undefined =>
      all.ofType('AWS::S3::Bucket').find((found) => found.id.startsWith(id))?.properties

    expect(bucket('Archive')).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { LogFilePrefix: 'archive/' },
    })
    expect(JSON.stringify(bucket('Archive'))).not.toContain('ExpirationInDays')
    expect(bucket('Archive')).toMatchObject({
      LifecycleConfiguration: {
        Rules: [
          {},
          ...['git/', 'configs/', 'raw/'].map((Prefix) => ({
            Prefix,
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          })),
        ],
      },
    })
    expect(bucket('Work')).toMatchObject({
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
      LoggingConfiguration: { LogFilePrefix: 'work/' },
    })
  })

  test('the key of the keyring rotates and is kept', () => {
    const [key, ...others] = all.ofType('AWS::KMS::Key')

    expect(others).toEqual([])
    expect(key?.deletionPolicy).toBe('Retain')
    expect(key?.properties).toMatchObject({ EnableKeyRotation: true })
  })

  test('every log group has an end', () => {
    expect(
      lacking('AWS::Logs::LogGroup', ({ properties }) => Number(properties['RetentionInDays']) > 0),
    ).toEqual([])
  })

  test('no custom resource: nothing runs at deployment that the template does not show', () => {
    const custom = all.resources.filter(({ type }) =>
      /^(Custom::|AWS::CloudFormation::CustomResource)/.test(type),
    )

    expect(custom).toEqual([])
  })
})

describe('functions', () => {
  test('run on Node 24 and arm64, log JSON to a group of their own, and are traced', () => {
    const asOurs = (lambda: Resource): boolean =>
      has(lambda, {
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) as unknown } },
        TracingConfig: { Mode: 'Active' },
        MemorySize: expect.any(Number) as unknown,
        Timeout: expect.any(Number) as unknown,
      })

    expect(lacking('AWS::Lambda::Function', asOurs)).toEqual([])
  })

  test('name an entry file that exists', () => {
    const entryExists = ({ metadata }: Resource): boolean =>
      existsSync(path.join(projectFolder, String(metadata['netkeep:entry'])))

    expect(lacking('AWS::Lambda::Function', entryExists)).toEqual([])
  })

  test('get no environment variable but those the product knows', () => {
    const known = new Set<string>(Object.values(environmentNames))
    const given = all.ofType('AWS::Lambda::Function').flatMap(({ properties }) => {
      const environment = properties['Environment'] as { Variables: Record<string, unknown> } | undefined
      return Object.keys(environment?.Variables ?? {})
    })

    expect(given).toContain('NETKEEP_TABLE')
    expect(given.filter((name) => !known.has(name))).toEqual([])
  })

  test('of the API answer before API Gateway gives up', () => {
    const apiFunctions = all.ofType('AWS::Lambda::Function').filter(({ stack }) => stack === 'netkeep-api')
    const timeouts = apiFunctions.map(({ properties }) => Number(properties['Timeout']))

    expect(timeouts).toHaveLength(Object.keys(areas).length)
    expect(Math.max(...timeouts)).toBeLessThan(30)
  })
})

describe('the HTTP door', () => {
  test('has one stage, throttled, with an access log of JSON lines', () => {
    const [stage, ...others] = all.ofType('AWS::ApiGatewayV2::Stage')
    const log = stage?.properties['AccessLogSettings'] as { Format: string; DestinationArn: unknown }

    expect(others).toEqual([])
    expect(stage?.properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
    })
    expect(JSON.parse(log.Format)).toMatchObject({
      status: '$context.status',
      requestId: '$context.requestId',
    })
    expect(inWords(log.DestinationArn, all)).toContain('AccessLog')
  })

  test('gives no header and no query string to the access log, since a token may be in them', () => {
    const format = JSON.stringify(all.ofType('AWS::ApiGatewayV2::Stage')[0]?.properties['AccessLogSettings'])

    expect(format).not.toMatch(/authorization|querystring|requestOverride|header/i)
  })

  test('sends each area to its function, and everything else to the system area', () => {
    const routes = all
      .ofType('AWS::ApiGatewayV2::Route')
      .map(({ properties }) => String(properties['RouteKey']))

    const others = new Set(['system', 'git', 'oxidized', 'reveal'])
    for (const area of Object.keys(areas).filter((name) => !others.has(name))) {
      expect(routes).toContain(`ANY /api/${area}/{proxy+}`)
      expect(routes).toContain(`ANY /api/plugins/${area}/{proxy+}`)
    }
    expect(routes).toContain('ANY /git/{proxy+}')
    expect(routes).toContain('ANY /oxidized/{proxy+}')
    expect(routes).toContain('POST /api/backups/reveal/{proxy+}')
    expect(routes).toContain('$default')
    // An HTTP API holds 300 routes.
    expect(routes.length).toBeLessThan(100)
  })

  test('leaves CORS to nobody', () => {
    expect(all.ofType('AWS::ApiGatewayV2::Api')[0]?.properties).not.toHaveProperty('CorsConfiguration')
  })
})
