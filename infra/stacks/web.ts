import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  CfnDistribution,
  Distribution,
  FunctionEventType,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  type ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { acknowledge } from '../constructs/acknowledge.ts'
import { asInterface, privateBucket } from '../constructs/bucket.ts'
import { pagePaths } from '../constructs/page-paths.ts'
import { securityHeaders } from '../constructs/security-headers.ts'
import { objectDays } from '../retention.ts'
import { readSettings } from '../settings.ts'

/** Where the site's files come from: built by this program; the local runtime reads it back from the template. */
const siteBuilder = 'web/build.ts'

/** Paths of the distribution that the API answers. `/api` alone is a path of its own to CloudFront. */
const apiPaths = ['/api', '/api/*', '/git/*', '/oxidized/*'] as const

/**
 * The console and the API under one name, so that no other origin ever takes part. The files are put into the bucket
 * after the deployment (`local/publish-site.ts`), by whoever deploys.
 */
export class WebStack extends Stack {
  constructor(scope: Construct, id: string, { api }: { api: HttpApi }) {
    super(scope, id, { description: 'netkeep: the console and its distribution' })
    const logs = privateBucket(this, 'AccessLogs', {
      versioned: false,
      accessLogs: 'takes logs of CloudFront',
      keepDays: objectDays.accessLogs,
    })
    const site = privateBucket(this, 'Site', {
      // Whatever is in it can be built again.
      versioned: false,
      accessLogs: { bucket: logs, prefix: 'site/' },
    })
    const distribution = distributionOf(this, { api, site, logs })
    const domain = readSettings(this).siteDomain ?? distribution.distributionDomainName
    new CfnOutput(this, 'SiteBucket', {
      value: site.bucketName,
      description: 'Takes the files of the console',
    })
    new CfnOutput(this, 'Url', { value: `https://${domain}`, description: 'Where the console answers' })
  }
}

type Parts = { api: HttpApi; site: Bucket; logs: Bucket }

function distributionOf(scope: Stack, { api, site, logs }: Parts): Distribution {
  const headers = securityHeaders(scope)
  const apiBehaviour = behaviourOfApi(apiOrigin(scope, api), headers)
  const distribution = new Distribution(scope, 'Distribution', {
    comment: 'netkeep',
    httpVersion: HttpVersion.HTTP2_AND_3,
    priceClass: PriceClass.PRICE_CLASS_100,
    defaultBehavior: {
      origin: S3BucketOrigin.withOriginAccessControl(asInterface(site)),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: headers,
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: pagePaths(scope) }],
    },
    additionalBehaviors: Object.fromEntries(apiPaths.map((path) => [path, apiBehaviour])),
    enableLogging: true,
    logBucket: asInterface(logs),
    logFilePrefix: 'distribution/',
    ...nameOf(scope),
  })
  const resource = distribution.node.defaultChild
  if (!(resource instanceof CfnDistribution)) throw new Error('the distribution is no plain one')
  resource.addMetadata('netkeep:site', siteBuilder)
  acknowledgeFindings(scope, distribution)
  return distribution
}

function apiOrigin(scope: Stack, api: HttpApi): HttpOrigin {
  return new HttpOrigin(`${api.apiId}.execute-api.${scope.region}.${scope.urlSuffix}`, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    // API Gateway itself gives up after 30 s.
    readTimeout: Duration.seconds(30),
  })
}

/** Everything the viewer sent goes on, `Authorization` included; nothing is kept. */
function behaviourOfApi(origin: IOrigin, headers: ResponseHeadersPolicy): BehaviorOptions {
  return {
    origin,
    // Never a redirect: a client that sent its token in clear must be told, not helped.
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // With the Host of the viewer API Gateway would not know which API is meant.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: headers,
  }
}

/** A name of one's own, where there is one: only then does CloudFront let the version of TLS be chosen. */
function nameOf(scope: Stack): object {
  const { siteDomain, siteCertificateArn } = readSettings(scope)
  if (siteDomain === undefined || siteCertificateArn === undefined) return {}
  return {
    domainNames: [siteDomain],
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', siteCertificateArn),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  }
}

function acknowledgeFindings(scope: Stack, distribution: Distribution): void {
  acknowledge(distribution, {
    'AwsSolutions-CFR1':
      'A network team works from wherever it is: who may in is decided by tokens, not by country.',
    'AwsSolutions-CFR2':
      'Every path but the public ones needs a token and API Gateway throttles: a WAF is for the operator to choose.',
  })
  if (readSettings(scope).siteDomain !== undefined) return
  acknowledge(distribution, {
    'AwsSolutions-CFR4':
      'CloudFront fixes the minimum for its own domain name; with siteDomain and siteCertificateArn it is TLS 1.2.',
  })
}
