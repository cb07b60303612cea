import type { ObjectLinks } from '../../shared/objects.ts'
import { GetObjectCommand, getSignedUrl, PutObjectCommand, S3Client } from './s3-sdk.ts'

/** Presigned links to objects of one bucket: they may do what this function's role may do with that one key. */
export function s3Links(bucket: string): ObjectLinks {
  const client = new S3Client({
    // Otherwise the checksum of an empty body becomes part of the link, and no other body fits it.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  return {
    upload: (key, { seconds, bytes }) => {
      const size = bytes === undefined ? {} : { ContentLength: bytes }
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, ...size })
      // A signed length is one that S3 insists on.
      const signed = bytes === undefined ? {} : { signableHeaders: new Set(['host', 'content-length']) }
      return getSignedUrl(client, command, { expiresIn: seconds, ...signed })
    },
    download: (key, { seconds, name }) => {
      const ResponseContentDisposition = `attachment; filename="${name}"`
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition })
      return getSignedUrl(client, command, { expiresIn: seconds })
    },
  }
}
