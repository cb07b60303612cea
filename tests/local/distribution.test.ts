import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTemplate } from '../../local/template/read.ts'
import {
  removeDir,
  type Resources,
  type SmallCloud,
  smallResources,
  stackOf,
  startSmallCloud,
} from '../support/small-cloud.ts'

const page = '<!doctype html><title>one page</title>'

/** CloudFront's own policies. */
const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
const cachingOptimized = '658327ea-f89d-4fab-a63d-7e88639e58f6'
const allViewerExceptHostHeader = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

const toSite = {
  TargetOriginId: 'site',
  ViewerProtocolPolicy: 'https-only',
  AllowedMethods: ['GET', 'HEAD'],
  CachePolicyId: cachingOptimized,
  ResponseHeadersPolicyId: { Ref: 'Headers' },
  FunctionAssociations: [
    { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Paths', 'FunctionARN'] } },
  ],
}
const toApi = {
  PathPattern: '/things/*',
  TargetOriginId: 'api',
  ViewerProtocolPolicy: 'https-only',
  AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
  CachePolicyId: cachingDisabled,
  OriginRequestPolicyId: allViewerExceptHostHeader,
  ResponseHeadersPolicyId: { Ref: 'Headers' },
}
const origins = [
  { Id: 'site', DomainName: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] }, S3OriginConfig: {} },
  { Id: 'api', DomainName: { 'Fn::Sub': '${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}' } },
]
const distribution = (more: Record<string, unknown> = {}): Resources[string] => ({
  Type: 'AWS::CloudFront::Distribution',
  Properties: {
    DistributionConfig: {
      Enabled: true,
      Origins: origins,
      DefaultCacheBehavior: toSite,
      CacheBehaviors: [toApi],
      ...more,
    },
  },
})
const grant = (Resource: string): Resources[string] => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: {
    Bucket: { Ref: 'Bucket' },
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Action: 's3:GetObject',
          Resource: { 'Fn::Sub': Resource },
          Condition: {
            StringEquals: {
              'AWS:SourceArn': { 'Fn::Sub': 'arn:aws:cloudfront::${AWS::AccountId}:distribution/${Front}' },
            },
          },
        },
      ],
    },
  },
})
const withSite: Resources = {
  ...smallResources,
  Front: distribution(),
  Grant: grant('${Bucket.Arn}/*'),
  Paths: {
    Type: 'AWS::CloudFront::Function',
    Properties: {
      FunctionCode: `function handler(event) {
        if (event.request.uri === '/loop') for (;;) {}
        if (!event.request.uri.includes('.')) event.request.uri = '/index.html'
        return event.request
      }`,
      FunctionConfig: { Comment: '', Runtime: 'cloudfront-js-2.0' },
      AutoPublish: true,
    },
  },
  Headers: {
    Type: 'AWS::CloudFront::ResponseHeadersPolicy',
    Properties: {
      ResponseHeadersPolicyConfig: {
        Name: 'headers',
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'none'", Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 9, Override: true },
        },
      },
    },
  },
}

describe('a distribution in front of the API', () => {
  let cloud: SmallCloud
  beforeAll(async () => {
    cloud = await startSmallCloud({ resources: withSite })
    const Bucket = cloud.nameOf('Bucket')
    const client = new S3Client(cloud.host.sdk({ kind: 'operator' }))
    const put = (Key: string, Body: string, ContentType: string): Promise<unknown> =>
      client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, CacheControl: 'no-cache' }))
    await put('index.html', page, 'text/html')
    await put('a b.js', '1', 'text/javascript')
    client.destroy()
  })
  afterAll(async () => {
    await cloud.stop()
    removeDir(cloud.dataDir)
  })
  const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${cloud.url}${path}`, init)

  test('serves files of the bucket under the paths that its function makes of them', async () => {
    const answers = await Promise.all(['/', '/any/page', '/a%20b.js'].map((path) => ask(path)))

    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([page, page, '1'])
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual([
      'text/html',
      'text/html',
      'text/javascript',
    ])
  })

  test('sets the headers of its policy on files, on refusals and on what the API answers', async () => {
    const answers = await Promise.all(['/', '/gone.js', '/things/x', '/things/'].map((path) => ask(path)))

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 200, 404])
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toBe("default-src 'none'")
      expect(headers.get('strict-transport-security')).toBe('max-age=9')
    }
  })

  test('reads the bucket at every request, and answers 304 to who has the file', async () => {
    const first = await ask('/')
    const again = await ask('/', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })

    expect(first.headers.get('cache-control')).toBe('no-cache')
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('hands the API the whole request', async () => {
    const answer = await ask('/things/x?a=1', { headers: { authorization: 'Token abc' } })
    const event = (await answer.json()) as { rawQueryString: string; headers: Record<string, string> }

    expect(event.rawQueryString).toBe('a=1')
    expect(event.headers).toMatchObject({
      authorization: 'Token abc',
      host: new URL(cloud.url).host,
      'x-forwarded-for': '127.0.0.1',
    })
  })

  test('only what the API was asked is in its access log', async () => {
    const lines = (): number =>
      readFileSync(join(cloud.dataDir, 'logs', 'access.log'), 'utf8').split('\n').length
    await ask('/things/first')
    const before = lines()
    await ask('/page')
    const afterPage = lines()
    await ask('/things/second')

    expect([afterPage, lines()]).toEqual([before, before + 1])
  })

  test('refuses a method that the behaviour does not name', async () => {
    expect((await ask('/page', { method: 'POST' })).status).toBe(403)
  })

  test('a deployment puts the console into the bucket, and only what is new of it', async () => {
    const { endpoint, region, credentials } = cloud.host.sdk({ kind: 'operator' })
    const folder = mkdtempSync(join(tmpdir(), 'netkeep-outputs-'))
    const outputs = join(folder, 'outputs.json')
    const web = { SiteBucket: cloud.nameOf('Bucket'), Url: 'https://netkeep.example.org' }
    writeFileSync(outputs, JSON.stringify({ 'netkeep-web': web }))
    const publish = async (): Promise<string> => {
      const env = {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      }
      const cwd = new URL('../..', import.meta.url).pathname
      return (await promisify(execFile)(process.execPath, ['local/publish-site.ts', outputs], { cwd, env }))
        .stdout
    }
    const said = [await publish(), await publish()]
    const index = await (await ask('/')).text()
    const script = await ask(/src="([^"]+)"/.exec(index)?.[1] ?? '')
    rmSync(folder, { recursive: true, force: true })

    expect(said.map((text) => text.split(' ')[0])).toEqual(['4', '0'])
    expect([script.status, script.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
  })

  test('a function that loops is stopped, and the door goes on', async () => {
    const statuses = [(await ask('/loop')).status, (await ask('/')).status]

    expect(statuses).toEqual([503, 200])
  })
})

test('without the grant in the policy of the bucket nothing is served', async () => {
  const cloud = await startSmallCloud({
    resources: { ...withSite, Grant: grant('${Bucket.Arn}/elsewhere/*') },
  })
  const client = new S3Client(cloud.host.sdk({ kind: 'operator' }))
  await client.send(new PutObjectCommand({ Bucket: cloud.nameOf('Bucket'), Key: 'index.html', Body: page }))
  const { status } = await fetch(`${cloud.url}/`)
  client.destroy()
  await cloud.stop()
  removeDir(cloud.dataDir)

  expect(status).toBe(403)
  expect(cloud.troubles.map(({ message }) => message)).toContain('denied')
})

describe('a distribution that is not hosted as AWS would', () => {
  const place = { region: 'eu-west-3', account: '000000000000', endpoint: 'http://x' }

  test.each([
    [
      'error pages',
      { CustomErrorResponses: [{ ErrorCode: 404 }] },
      /DistributionConfig: Unrecognized key: "CustomErrorResponses"/,
    ],
    [
      'another origin',
      { Origins: [origins[0], { Id: 'api', DomainName: 'example.org' }] },
      /the origin example.org is no bucket and no HTTP API of the template/,
    ],
    [
      'a cached API',
      { CacheBehaviors: [{ ...toApi, CachePolicyId: cachingOptimized }] },
      /must pass the whole request to the API and cache nothing/,
    ],
    ['plain HTTP', { DefaultCacheBehavior: { ...toSite, ViewerProtocolPolicy: 'allow-all' } }, /https-only/],
  ])('with %s is refused at start', (_what, more, problem) => {
    expect(() => readTemplate([stackOf({ ...withSite, Front: distribution(more) })], place)).toThrow(problem)
  })
})
