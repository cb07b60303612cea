import * as z from 'zod'
import type { Place } from './identities.ts'
import type { HttpApiResource, RouteResource } from './resources.ts'
import { type Read, type Reading, withoutEffect } from './reading.ts'

const Api = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal('HTTP'),
  ...withoutEffect('Description', 'DisableExecuteApiEndpoint', 'IpAddressType', 'Tags'),
})

const Integration = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().max(30_000).default(30_000),
  ...withoutEffect('IntegrationMethod', 'Description'),
})

const Route = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.literal('NONE').default('NONE'),
  ...withoutEffect('OperationName'),
})

const Throttle = z.object({
  ThrottlingRateLimit: z.number().optional(),
  ThrottlingBurstLimit: z.number().optional(),
})

const Stage = z.strictObject({
  ApiId: z.string(),
  StageName: z.string(),
  AutoDeploy: z.literal(true),
  StageVariables: z.record(z.string(), z.string()).default({}),
  DefaultRouteSettings: Throttle.optional(),
  RouteSettings: z.record(z.string(), Throttle).optional(),
  AccessLogSettings: z.object({ Format: z.string() }).optional(),
  ...withoutEffect('Description', 'Tags'),
})

export function readHttpApis(reading: Reading, { region, account }: Place): { httpApis: HttpApiResource[] } {
  const stages = reading.each('AWS::ApiGatewayV2::Stage', Stage)
  const routes = readRoutes(reading)
  const httpApis = reading.each('AWS::ApiGatewayV2::Api', Api).map((api) => {
    const id = api.identity.ref
    const [stage, ...others] = stages.filter(({ is }) => is.ApiId === id)
    if (stage === undefined || others.length > 0 || stage.is.StageName !== '$default')
      reading.problem(api, 'an HTTP API has exactly one stage here: $default')
    const format = stage?.is.AccessLogSettings?.Format
    return {
      stack: api.stack,
      logicalId: api.logicalId,
      id,
      arn: `arn:aws:execute-api:${region}:${account}:${id}`,
      name: api.is.Name,
      stage: {
        name: '$default',
        variables: stage?.is.StageVariables ?? {},
        ...(format === undefined ? {} : { accessLogFormat: format }),
        ...throttleOf(stage?.is.DefaultRouteSettings),
      },
      routes: routes
        .filter(({ apiId }) => apiId === id)
        .map(({ routeKey, functionArn, timeoutMs }) => ({
          routeKey,
          functionArn,
          timeoutMs,
          ...throttleOf(stage?.is.RouteSettings?.[routeKey]),
        })),
    }
  })
  return { httpApis }
}

function throttleOf(settings: z.infer<typeof Throttle> | undefined): {
  throttle?: { rate: number; burst: number }
} {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings ?? {}
  return rate === undefined ? {} : { throttle: { rate, burst: burst ?? rate } }
}

function readRoutes(reading: Reading): (RouteResource & { apiId: string })[] {
  const integrations = reading.each('AWS::ApiGatewayV2::Integration', Integration)
  const functions = reading.each('AWS::Lambda::Function', z.unknown())
  return reading.each('AWS::ApiGatewayV2::Route', Route).map((route) => {
    const integration = integrations.find(
      ({ identity }) => route.is.Target === `integrations/${identity.ref}`,
    )
    if (integration === undefined)
      reading.problem(route, `its target ${route.is.Target} is not in the template`)
    else checkTarget(reading, integration, functions)
    return {
      apiId: route.is.ApiId,
      routeKey: route.is.RouteKey,
      functionArn: functionOf(integration?.is.IntegrationUri ?? ''),
      timeoutMs: integration?.is.TimeoutInMillis ?? 30_000,
    }
  })
}

function checkTarget(
  reading: Reading,
  integration: Read<z.infer<typeof Integration>>,
  functions: Read<unknown>[],
): void {
  const arn = functionOf(integration.is.IntegrationUri)
  if (!functions.some(({ identity }) => identity.attributes['Arn'] === arn))
    reading.problem(integration, `the function ${arn} is not in the template`)
}

/** Either the function's ARN, or API Gateway's invocation path around it. */
function functionOf(uri: string): string {
  return /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri
}
