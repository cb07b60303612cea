import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { apiThrottle } from '../areas.ts'
import { logRetention } from '../retention.ts'
import { acknowledge } from './acknowledge.ts'

/** One JSON line a request; no header and no query, since either may carry a token. */
const accessLogFields = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
} as const

/** The HTTP API with its only stage. Without CORS: the console comes from the same origin. */
export function httpDoor(scope: Construct): HttpApi {
  const api = new HttpApi(scope, 'HttpApi', {
    description: 'netkeep',
    createDefaultStage: false,
  })
  const accessLog = new LogGroup(scope, 'AccessLog', {
    // Under this prefix CloudWatch needs no resource policy for each group; those are limited to 5,120 characters.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    logGroupName: `/aws/vendedlogs/apis/${Stack.of(scope).stackName}`,
    retention: logRetention.apiAccess,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: apiThrottle,
    // Metrics per route would cost $0.30 each a month; the access log answers the same questions.
    detailedMetricsEnabled: false,
    accessLogSettings: {
      destination: new LogGroupLogDestination(accessLog),
      format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
    },
  })
  return api
}

export function addRoutes(api: HttpApi, area: string, lambda: IFunction, routeKeys: readonly string[]): void {
  const integration = new HttpLambdaIntegration(`${area}Integration`, lambda, {
    payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    // One permission for the API: a permission for each route says no more, and a function's policy is limited.
    // It is for `<api>/*/*/*`, which misses the `$default` route (`<api>/<stage>/$default`): API Gateway would answer
    // 500 there. https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/41
    scopePermissionToRoute: routeKeys.includes('$default'),
  })
  for (const routeKey of routeKeys) {
    const route = new HttpRoute(api, routeKey, {
      httpApi: api,
      routeKey: parseRouteKey(routeKey),
      integration,
    })
    acknowledge(route, {
      'AwsSolutions-APIG4':
        'The function checks the token itself, for every path but the public ones: it needs the caller for ' +
        'permissions and the audit, and revoking a token must work at once.',
    })
  }
}

function parseRouteKey(routeKey: string): HttpRouteKey {
  if (routeKey === '$default') return HttpRouteKey.DEFAULT
  const [verb, path] = routeKey.split(' ')
  const method = Object.values(HttpMethod).find((known) => known === verb)
  if (method === undefined || path === undefined) throw new Error(`not a route key: ${routeKey}`)
  return HttpRouteKey.with(path, method)
}
