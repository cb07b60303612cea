import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { freshApp, inWords, synthesise, type Resource, type Synthesised } from './synthesised.ts'

type Behaviour = Record<string, unknown> & { PathPattern?: string; TargetOriginId: string }
type Config = Record<string, unknown> & {
  CacheBehaviors: Behaviour[]
  DefaultCacheBehavior: Behaviour
  Origins: (Record<string, unknown> & { Id: string; DomainName: unknown })[]
}

type Statement = Record<string, unknown> & { Condition?: { StringEquals: Record<string, unknown> } }

let all: Synthesised
let config: Config

const only = (type: string, from: Synthesised = all): Resource => {
  const [found, ...others] = from.ofType(type)
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${type}`)
  return found
}
const configOf = (from: Synthesised): Config =>
  only('AWS::CloudFront::Distribution', from).properties['DistributionConfig'] as Config

beforeAll(() => {
  all = synthesise()
  config = configOf(all)
})

describe('the distribution', () => {
  test('speaks HTTPS only, HTTP/2 and 3, and keeps logs without cookies', () => {
    const policies = [config.DefaultCacheBehavior, ...config.CacheBehaviors].map(
      (behaviour) => behaviour['ViewerProtocolPolicy'],
    )

    expect(new Set(policies)).toEqual(new Set(['https-only']))
    expect(config['HttpVersion']).toBe('http2and3')
    expect(config['Logging']).toMatchObject({ Prefix: 'distribution/' })
    expect(config['Logging']).not.toHaveProperty('IncludeCookies', true)
  })

  test('hands the API everything that was sent but the host, and caches nothing of it', () => {
    const api = config.Origins.find(({ DomainName }) => inWords(DomainName, all).includes('.execute-api.'))
    const toApi = config.CacheBehaviors.filter(({ TargetOriginId }) => TargetOriginId === api?.Id)

    expect(toApi.map(({ PathPattern }) => PathPattern)).toEqual(['/api', '/api/*', '/git/*', '/oxidized/*'])
    for (const behaviour of toApi) {
      expect(behaviour).toMatchObject({
        // CachingDisabled and AllViewerExceptHostHeader (CloudFront developer guide, managed policies).
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        AllowedMethods: expect.arrayContaining(['DELETE', 'PATCH', 'POST', 'PUT']) as unknown,
      })
    }
    expect(api).toMatchObject({
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
    })
  })

  test('sends the same security headers with every answer, and none of them allows inline script', () => {
    const { id, properties } = only('AWS::CloudFront::ResponseHeadersPolicy')
    const policy = properties['ResponseHeadersPolicyConfig'] as {
      SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: string } }
    }
    const security = policy.SecurityHeadersConfig

    for (const behaviour of [config.DefaultCacheBehavior, ...config.CacheBehaviors])
      expect(behaviour['ResponseHeadersPolicyId']).toEqual({ Ref: id })
    expect(security.ContentSecurityPolicy.ContentSecurityPolicy).toMatch(
      /^default-src 'none'; script-src 'self';/,
    )
    expect(security.ContentSecurityPolicy.ContentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/)
    expect(security).toMatchObject({
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY' },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
    })
  })

  test('has no error pages: they would turn the 404 of the API into a page', () => {
    expect(config).not.toHaveProperty('CustomErrorResponses')
  })

  test.each([
    ['/', '/index.html'],
    ['/runs/12', '/index.html'],
    ['/devices/7/versions/latest', '/index.html'],
    ['/assets/main-ABC.js', '/assets/main-ABC.js'],
    ['/index.html', '/index.html'],
  ])('answers %s with the file %s', (uri, file) => {
    const source = String(only('AWS::CloudFront::Function').properties['FunctionCode'])

    expect(runInNewContext(`${source}\nhandler(event)`, { event: { request: { uri } } })).toEqual({
      uri: file,
    })
  })
})

describe("the site's bucket", () => {
  test('is read by this distribution only, and only objects whose name is known', () => {
    const policy = all.ofType('AWS::S3::BucketPolicy').find(({ id }) => id.startsWith('SitePolicy'))
    const document = policy?.properties['PolicyDocument'] as { Statement: Statement[] } | undefined
    const allowed = (document?.Statement ?? []).filter(({ Effect }) => Effect === 'Allow')

    expect(allowed).toMatchObject([
      { Action: 's3:GetObject', Principal: { Service: 'cloudfront.amazonaws.com' } },
    ])
    expect(inWords(allowed[0]?.Condition?.StringEquals['AWS:SourceArn'], all)).toMatch(
      /:distribution\/<Distribution>$/,
    )
  })

  test('is signed for by an origin access control', () => {
    expect(
      only('AWS::CloudFront::OriginAccessControl').properties['OriginAccessControlConfig'],
    ).toMatchObject({
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    })
  })
})

describe('with a name of its own', () => {
  const certificate = 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000'

  test('the console takes TLS 1.2 and later only', () => {
    const named = configOf(synthesise({ siteDomain: 'netkeep.example.org', siteCertificateArn: certificate }))

    expect(named).toMatchObject({
      Aliases: ['netkeep.example.org'],
      ViewerCertificate: {
        AcmCertificateArn: certificate,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    })
  })

  test.each([
    { context: { siteDomain: 'netkeep.example.org' }, message: /both or neither/ },
    { context: { siteDomain: 'not a name', siteCertificateArn: certificate }, message: /siteDomain/ },
    {
      context: {
        siteDomain: 'netkeep.example.org',
        siteCertificateArn: certificate.replace('us-east-1', 'eu-west-1'),
      },
      message: /siteCertificateArn/,
    },
  ])('the context $context is refused by name', ({ context, message }) => {
    expect(() => freshApp(context)).toThrow(message)
  })
})
