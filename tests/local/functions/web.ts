import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** Answers HTTP requests as their path says; anything else is told what arrived. */
export async function handler(event: APIGatewayProxyEventV2): Promise<unknown> {
  switch (event.rawPath.split('/').at(-1) ?? '') {
    case 'plain-object':
      return { hello: 'world' }
    case 'binary':
      return {
        statusCode: 200,
        headers: { 'Content-Type': 'application/octet-stream' },
        body: '/+8A',
        isBase64Encoded: true,
      }
    case 'cookies':
      return { statusCode: 204, cookies: ['a=1; Path=/', 'b=2'] }
    case 'broken':
      throw new Error('a secret detail')
    case 'odd-status':
      return { statusCode: 'nonsense' }
    case 'slow':
      return new Promise((resolve) => setTimeout(resolve, 3000))
    case 'large':
      return { statusCode: 200, body: 'x'.repeat(7_000_000) }
    default:
      return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) }
  }
}
