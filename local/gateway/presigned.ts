import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { ServiceError } from '../service.ts'

type Presigned = {
  method: string
  /** As it came, with its query. */
  target: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Seven days, the most that S3 takes. */
const secondsMax = 604_800

/**
 * What is wrong with a presigned URL. Unlike the keys of workers it goes to strangers, so its signature is verified: it
 * covers method, path, parameters and the headers it names, such as the length of an upload.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignedFault(
  request: Presigned,
  secretAccessKey: string,
  now: Date,
): ServiceError | undefined {
  const [path = '', search = ''] = request.target.split('?')
  const query = new URLSearchParams(search)
  const given = query.get('X-Amz-Signature') ?? ''
  const date = query.get('X-Amz-Date') ?? ''
  const scope = (query.get('X-Amz-Credential') ?? '').split('/').slice(1)
  const canonical = createHash('sha256')
    .update(canonicalRequest(request, path, query))
    .digest('hex')
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), canonical].join('\n')
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`)
  if (!isSame(given, hmac(key, text).toString('hex')))
    return new ServiceError('SignatureDoesNotMatch', 'The signature does not match the request.', 403)
  const seconds = Number(query.get('X-Amz-Expires') ?? Number.NaN)
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const isAlive = seconds >= 1 && seconds <= secondsMax && now.getTime() <= signedAt + seconds * 1000
  return isAlive ? undefined : new ServiceError('AccessDenied', 'Request has expired', 403)
}

function canonicalRequest({ method, headers }: Presigned, path: string, query: URLSearchParams): string {
  const pairs = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';')
  const lines = names.map((name) => `${name}:${[headers[name] ?? ''].flat().join(',').trim()}\n`)
  return [method, path, pairs.join('&'), lines.join(''), names.join(';'), 'UNSIGNED-PAYLOAD'].join('\n')
}

/** As the signature has it: everything but the unreserved characters of RFC 3986. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

function isSame(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a), Buffer.from(b)]
  return one.length === two.length && timingSafeEqual(one, two)
}
