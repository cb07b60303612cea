import { GetObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import type { HttpAnswer } from '../http/answer.ts'
import type { ReadFile } from '../http/distribution.ts'
import type { Host } from '../service.ts'
import type { DistributionResource } from '../template/resources.ts'

/** Reads the site's bucket as CloudFront: without the grant in the bucket's policy nothing is shown here either. */
export function fileReader(host: Host, { arn }: DistributionResource): ReadFile {
  const caller = { kind: 'service', principal: 'cloudfront.amazonaws.com', sourceArn: arn } as const
  const client = new S3Client(host.sdk(caller))
  return async (Bucket, Key, ifNoneMatch) => {
    try {
      const object = await client.send(new GetObjectCommand({ Bucket, Key }))
      const headers = headersOf({
        'content-type': object.ContentType,
        'cache-control': object.CacheControl,
        etag: object.ETag,
        'last-modified': object.LastModified?.toUTCString(),
      })
      const bytes = await object.Body?.transformToByteArray()
      if (ifNoneMatch !== undefined && ifNoneMatch === object.ETag) return answerOf(304, headers)
      return answerOf(200, headers, Buffer.from(bytes ?? []))
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error
      const status = error.$metadata.httpStatusCode ?? 500
      return answerOf(
        status,
        { 'content-type': 'application/xml' },
        Buffer.from(`<Error><Code>${error.name}</Code></Error>`),
      )
    }
  }
}

const answerOf = (status: number, headers: Record<string, string>, body = Buffer.alloc(0)): HttpAnswer => ({
  status,
  headers,
  cookies: [],
  body,
})

function headersOf(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
