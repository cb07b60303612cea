import * as z from 'zod'
import type { Place } from './identities.ts'
import { type Read, type Reading, withoutEffect } from './reading.ts'
import type { BehaviourResource, DistributionResource } from './resources.ts'

/** CloudFront's own policies (developer guide, using managed policies): the same ids in every account. */
const managed = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  allViewerExceptHostHeader: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
} as const

const Behaviour = z.strictObject({
  PathPattern: z.string().default('*'),
  TargetOriginId: z.string(),
  ViewerProtocolPolicy: z.literal('https-only'),
  AllowedMethods: z.array(z.string()).default(['GET', 'HEAD']),
  CachePolicyId: z.enum([managed.cachingDisabled, managed.cachingOptimized]),
  OriginRequestPolicyId: z.literal(managed.allViewerExceptHostHeader).optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  FunctionAssociations: z
    .array(z.strictObject({ EventType: z.literal('viewer-request'), FunctionARN: z.string() }))
    .max(1)
    .default([]),
  ...withoutEffect('Compress'),
})
type Behaviour = z.infer<typeof Behaviour>

const Origin = z.strictObject({
  Id: z.string(),
  DomainName: z.string(),
  ...withoutEffect('S3OriginConfig', 'OriginAccessControlId', 'CustomOriginConfig'),
})
type Origin = z.infer<typeof Origin>

const Distribution = z.strictObject({
  DistributionConfig: z.strictObject({
    Enabled: z.literal(true),
    Origins: z.array(Origin),
    CacheBehaviors: z.array(Behaviour).default([]),
    DefaultCacheBehavior: Behaviour,
    ...withoutEffect('Comment', 'HttpVersion', 'IPV6Enabled', 'PriceClass', 'Logging'),
    ...withoutEffect('Aliases', 'ViewerCertificate'),
  }),
  ...withoutEffect('Tags'),
})

const EdgeFunction = z.strictObject({
  FunctionCode: z.string(),
  FunctionConfig: z.object({ Runtime: z.literal('cloudfront-js-2.0') }),
  AutoPublish: z.literal(true),
  ...withoutEffect('Name', 'Tags'),
})

const Overriding = z.object({ Override: z.literal(true) })
const HeadersPolicy = z.strictObject({
  ResponseHeadersPolicyConfig: z.strictObject({
    CustomHeadersConfig: z
      .object({ Items: z.array(Overriding.extend({ Header: z.string(), Value: z.string() })) })
      .optional(),
    SecurityHeadersConfig: z
      .strictObject({
        ContentSecurityPolicy: Overriding.extend({ ContentSecurityPolicy: z.string() }).optional(),
        ContentTypeOptions: Overriding.optional(),
        FrameOptions: Overriding.extend({ FrameOption: z.string() }).optional(),
        ReferrerPolicy: Overriding.extend({ ReferrerPolicy: z.string() }).optional(),
        StrictTransportSecurity: Overriding.extend({
          AccessControlMaxAgeSec: z.number(),
          IncludeSubdomains: z.boolean().default(false),
        }).optional(),
      })
      .default({}),
    ...withoutEffect('Name', 'Comment'),
  }),
})

type Parts = {
  policies: ReadonlyMap<string, Record<string, string>>
  functions: ReadonlyMap<string, string>
  origins: ReadonlyMap<string, BehaviourResource['origin']>
}

export function readDistributions(
  reading: Reading,
  { account }: Place,
): { distributions: DistributionResource[] } {
  // Only signs the request to the bucket; what counts is the bucket's policy.
  reading.each('AWS::CloudFront::OriginAccessControl', z.unknown())
  const policies = new Map(
    reading
      .each('AWS::CloudFront::ResponseHeadersPolicy', HeadersPolicy)
      .map(({ identity, is }) => [identity.ref, headersOf(is)]),
  )
  const functions = new Map(
    reading
      .each('AWS::CloudFront::Function', EdgeFunction)
      .map(({ identity, is }) => [identity.ref, is.FunctionCode]),
  )
  const distributions = reading.each('AWS::CloudFront::Distribution', Distribution).map((distribution) => {
    const { stack, logicalId, identity, metadata, is } = distribution
    const { CacheBehaviors, DefaultCacheBehavior, Origins } = is.DistributionConfig
    const origins = originsOf(reading, distribution, Origins)
    const builder = metadata['netkeep:site']
    return {
      stack,
      logicalId,
      id: identity.ref,
      arn: `arn:aws:cloudfront::${account}:distribution/${identity.ref}`,
      behaviours: [...CacheBehaviors, DefaultCacheBehavior].map((behaviour) =>
        readBehaviour(reading, distribution, behaviour, { policies, functions, origins }),
      ),
      ...(typeof builder === 'string' ? { siteBuilder: builder } : {}),
    }
  })
  return { distributions }
}

function originsOf(reading: Reading, declared: Read<unknown>, origins: Origin[]): Parts['origins'] {
  const known = new Map<string, BehaviourResource['origin']>()
  for (const { identity } of reading.each('AWS::S3::Bucket', z.unknown()))
    known.set(identity.attributes['RegionalDomainName'] ?? '', { bucket: identity.ref })
  for (const { identity } of reading.each('AWS::ApiGatewayV2::Api', z.unknown()))
    known.set((identity.attributes['ApiEndpoint'] ?? '').replace('https://', ''), { api: identity.ref })
  const found = new Map<string, BehaviourResource['origin']>()
  for (const { Id, DomainName } of origins) {
    const origin = known.get(DomainName)
    if (origin === undefined)
      reading.problem(declared, `the origin ${DomainName} is no bucket and no HTTP API of the template`)
    else found.set(Id, origin)
  }
  return found
}

function readBehaviour(
  reading: Reading,
  declared: Read<unknown>,
  behaviour: Behaviour,
  { policies, functions, origins }: Parts,
): BehaviourResource {
  const { PathPattern: pathPattern, FunctionAssociations, ResponseHeadersPolicyId } = behaviour
  const origin = origins.get(behaviour.TargetOriginId) ?? { bucket: '' }
  // What the API is sent here is all of the request, and no answer is kept: another policy would differ on AWS.
  const isPassedOn =
    behaviour.CachePolicyId === managed.cachingDisabled && behaviour.OriginRequestPolicyId !== undefined
  if ('api' in origin && !isPassedOn)
    reading.problem(declared, `${pathPattern} must pass the whole request to the API and cache nothing`)
  const requestFunction = functions.get(FunctionAssociations[0]?.FunctionARN ?? '')
  return {
    pathPattern,
    methods: behaviour.AllowedMethods,
    origin,
    headers: policies.get(ResponseHeadersPolicyId ?? '') ?? {},
    ...(requestFunction === undefined ? {} : { requestFunction }),
  }
}

function headersOf({
  ResponseHeadersPolicyConfig: config,
}: z.infer<typeof HeadersPolicy>): Record<string, string> {
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = config
  const transport = security.StrictTransportSecurity
  const age = transport === undefined ? undefined : `max-age=${transport.AccessControlMaxAgeSec}`
  const headers: Record<string, string | undefined> = {
    'content-security-policy': security.ContentSecurityPolicy?.ContentSecurityPolicy,
    'x-content-type-options': security.ContentTypeOptions === undefined ? undefined : 'nosniff',
    'x-frame-options': security.FrameOptions?.FrameOption,
    'referrer-policy': security.ReferrerPolicy?.ReferrerPolicy,
    'strict-transport-security': transport?.IncludeSubdomains === true ? `${age}; includeSubDomains` : age,
  }
  for (const { Header, Value } of custom?.Items ?? []) headers[Header.toLowerCase()] = Value
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
