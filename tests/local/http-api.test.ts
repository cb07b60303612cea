import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findRoute } from '../../local/http/routes.ts'
import { removeDir, type SmallCloud, smallResources, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
beforeAll(async () => {
  cloud = await startSmallCloud()
})
afterAll(async () => {
  await cloud.stop()
  removeDir(cloud.dataDir)
})

const fetchFrom = (path: string, init?: RequestInit): Promise<Response> => fetch(`${cloud.url}${path}`, init)
const eventOf = async (path: string, init?: RequestInit): Promise<APIGatewayProxyEventV2> =>
  (await (await fetchFrom(path, init)).json()) as APIGatewayProxyEventV2

describe('a request becomes an event of payload format 2.0', () => {
  test('with path, query, headers and cookies as API Gateway gives them', async () => {
    const event = await eventOf('/things/a/b?x=1&y=%20z&x=2', {
      headers: { 'X-Mixed': 'Case', cookie: 'a=1; b=2' },
    })

    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /things/{proxy+}',
      rawPath: '/things/a/b',
      rawQueryString: 'x=1&y=%20z&x=2',
      queryStringParameters: { x: '1,2', y: ' z' },
      pathParameters: { proxy: 'a/b' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-mixed': 'Case', 'x-forwarded-for': '127.0.0.1' },
      isBase64Encoded: false,
      requestContext: {
        stage: '$default',
        http: { method: 'GET', path: '/things/a/b', sourceIp: '127.0.0.1' },
      },
    })
    expect(event.headers['cookie']).toBeUndefined()
    expect(event.body).toBeUndefined()
  })

  test('with the path decoded, and cut at a decoded question mark', async () => {
    expect((await eventOf('/things/caf%C3%A9%20x')).rawPath).toBe('/things/café x')
    expect((await eventOf('/things/a%3Fb/c')).rawPath).toBe('/things/a')
  })

  test.each([
    ['application/json; charset=utf-8', '{"a":1}', false],
    ['text/csv', 'a,b', false],
    ['application/merge-patch+json', '{}', false],
    ['application/octet-stream', 'abc', true],
    ['application/x-www-form-urlencoded', 'a=1', true],
  ])('with a body of type %s', async (type, body, isBase64Encoded) => {
    const event = await eventOf('/things/x', { method: 'POST', headers: { 'content-type': type }, body })

    expect(event.isBase64Encoded).toBe(isBase64Encoded)
    expect(Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString()).toBe(body)
  })
})

describe('a result becomes the answer', () => {
  test('as JSON with 200 when it has no status code', async () => {
    const answer = await fetchFrom('/things/x/plain-object')

    expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([
      200,
      'application/json',
      { hello: 'world' },
    ])
  })

  test('with binary bodies decoded', async () => {
    const answer = await fetchFrom('/things/x/binary')

    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([255, 239, 0])
  })

  test('with every cookie in its own header', async () => {
    const answer = await fetchFrom('/things/x/cookies')

    expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, ['a=1; Path=/', 'b=2']])
  })

  test('without a body for HEAD', async () => {
    const answer = await fetchFrom('/things/x/plain-object', { method: 'HEAD' })

    expect([answer.status, await answer.text()]).toEqual([200, ''])
  })
})

describe('API Gateway itself answers', () => {
  test.each([
    ['404 where no route fits', '/nothing', 404, 'Not Found'],
    ['500 when the function throws, without its message', '/things/x/broken', 500, 'Internal Server Error'],
    ['500 when the status is no status', '/things/x/odd-status', 500, 'Internal Server Error'],
    ['500 when the answer is larger than Lambda allows', '/things/x/large', 500, 'Internal Server Error'],
    ['503 when the integration takes too long', '/things/x/slow', 503, 'Service Unavailable'],
    ['400 when the path cannot be decoded', '/things/%E0%A4', 400, 'Bad Request'],
  ])('%s', async (_what, path, status, message) => {
    const answer = await fetchFrom(path)

    expect([answer.status, await answer.json()]).toEqual([status, { message }])
  })

  test('413 over 10 MB', async () => {
    const answer = await fetchFrom('/things/x', {
      method: 'POST',
      body: new Uint8Array(10 * 1024 * 1024 + 1),
    })

    expect([answer.status, await answer.json()]).toEqual([413, { message: 'Request Entity Too Large' }])
  })

  test('413 as well when only the event around the body passes 6 MB', async () => {
    const answer = await fetchFrom('/things/x', { method: 'POST', body: new Uint8Array(5 * 1024 * 1024) })

    expect(answer.status).toBe(413)
  })

  test('431 over 10,240 bytes of headers', async () => {
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(
        `${cloud.url}/things/x`,
        { headers: { long: 'x'.repeat(11_000) } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      outgoing.on('error', reject)
      outgoing.end()
    })

    expect(status).toBe(431)
  })
})

test('routes are chosen as API Gateway chooses them', () => {
  const routes = [
    '$default',
    'ANY /a/{proxy+}',
    'GET /a/{id}',
    'ANY /a/{id}',
    'ANY /a/b',
    'GET /a/{id}/c',
    'ANY /{proxy+}',
  ].map((routeKey) => ({ routeKey, functionArn: '', timeoutMs: 1 }))
  const chosen = (method: string, path: string): unknown => {
    const { route, parameters } = findRoute(routes, method, path) ?? {}
    return [route?.routeKey, parameters]
  }

  expect(chosen('GET', '/a/b')).toEqual(['ANY /a/b', {}])
  expect(chosen('GET', '/a/x')).toEqual(['GET /a/{id}', { id: 'x' }])
  expect(chosen('POST', '/a/x')).toEqual(['ANY /a/{id}', { id: 'x' }])
  expect(chosen('GET', '/a/x/c')).toEqual(['GET /a/{id}/c', { id: 'x' }])
  expect(chosen('POST', '/a/x/c')).toEqual(['ANY /a/{proxy+}', { proxy: 'x/c' }])
  expect(chosen('GET', '/a/')).toEqual(['ANY /{proxy+}', { proxy: 'a/' }])
  expect(chosen('GET', '/')).toEqual(['$default', {}])
})

describe('with other templates', () => {
  const withStage = (more: Record<string, unknown>) => ({
    ...smallResources,
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true, ...more },
    },
  })

  test('429 beyond the throttle, and the access log in the format asked for', async () => {
    const Format =
      '{"path":"$context.path","status":"$context.status","route":"$context.routeKey","user":"$context.authorizer.x"}'
    const settings = {
      DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 },
      AccessLogSettings: { Format },
    }
    const own = await startSmallCloud({ resources: withStage(settings) })
    const statuses: number[] = []
    for (let n = 0; n < 4; n++) statuses.push((await fetch(`${own.url}/things/q%22`)).status)

    expect(statuses.slice(0, 3)).toEqual([200, 200, 429])
    const read = (): string[] =>
      readFileSync(join(own.dataDir, 'logs', 'access.log'), 'utf8')
        .trim()
        .split('\n')
    await vi.waitFor(() => expect(read()).toHaveLength(4))
    expect(JSON.parse(read()[2] ?? '')).toEqual({
      path: '/things/q"',
      status: '429',
      route: 'GET /things/{id}',
      user: '-',
    })
    await own.stop()
    removeDir(own.dataDir)
  })

  test('500 when the function gives API Gateway no permission, and the log says why', async () => {
    const { Permission: _permission, ...resources } = smallResources
    const own = await startSmallCloud({ resources })
    const answer = await fetch(`${own.url}/things/x`)

    expect(answer.status).toBe(500)
    expect(own.troubles[0]).toMatchObject({
      message: 'denied',
      fields: { caller: { principal: 'apigateway.amazonaws.com' }, resource: own.arnOf('Web') },
    })
    await own.stop()
    removeDir(own.dataDir)
  })
})
