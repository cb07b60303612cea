import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod'
import { parseCsv } from './csv.ts'
import { StateFailure } from './failure.ts'
import type { Scope } from './scope.ts'

/** Bounds of the local runtime: a laptop's memory, where AWS reads objects of 10 GB. */
const objectBytesMax = 256 * 1024 * 1024
const itemsMax = 1_000_000

const delimiters = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const

const ReaderConfig = z.looseObject({
  InputType: z.enum(['JSONL', 'JSON', 'CSV']).default('JSON'),
  CSVHeaderLocation: z.enum(['FIRST_ROW', 'GIVEN']).default('FIRST_ROW'),
  CSVHeaders: z.array(z.string()).default([]),
  CSVDelimiter: z.enum(['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB']).default('COMMA'),
})
type ReaderConfig = z.infer<typeof ReaderConfig>

const ObjectParameters = z.object({ Bucket: z.string(), Key: z.string(), VersionId: z.string().optional() })
const ListParameters = z.object({ Bucket: z.string(), Prefix: z.string().optional() })

export type Reader = { resource: string; config: unknown; parameters: unknown; maxItems: number }

/**
 * The items of a Distributed Map, read from S3 under the state machine's role.
 * @throws StateFailure States.ItemReaderFailed, also where the role may not read.
 */
export async function readItems(reader: Reader, scope: Scope): Promise<unknown[]> {
  const s3 = new S3Client(scope.host.sdk({ kind: 'role', roleArn: scope.stateMachine.roleArn }))
  const limit = Math.min(reader.maxItems > 0 ? reader.maxItems : itemsMax, itemsMax)
  try {
    const items = reader.resource.endsWith(':s3:listObjectsV2')
      ? await listObjects(s3, ListParameters.parse(reader.parameters), limit)
      : await readObject(s3, reader)
    if (reader.maxItems <= 0 && items.length > itemsMax) throw new Error(`more than ${itemsMax} items`)
    return items.slice(0, limit)
  } catch (error) {
    throw new StateFailure('States.ItemReaderFailed', error instanceof Error ? error.message : String(error))
  } finally {
    s3.destroy()
  }
}

async function readObject(s3: S3Client, reader: Reader): Promise<unknown[]> {
  const { Bucket, Key, VersionId } = ObjectParameters.parse(reader.parameters)
  const config = ReaderConfig.parse(reader.config ?? {})
  const object = await s3.send(
    new GetObjectCommand({ Bucket, Key, ...(VersionId !== undefined && { VersionId }) }),
  )
  if ((object.ContentLength ?? 0) > objectBytesMax) {
    throw new Error(
      `s3://${Bucket}/${Key} has ${object.ContentLength} bytes; the local runtime reads ${objectBytesMax}`,
    )
  }
  return parseItems((await object.Body?.transformToString()) ?? '', config)
}

function parseItems(text: string, config: ReaderConfig): unknown[] {
  if (config.InputType === 'JSON') return z.array(z.unknown()).parse(JSON.parse(text))
  if (config.InputType === 'JSONL') {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown)
  }
  const rows = parseCsv(text, delimiters[config.CSVDelimiter])
  const headers = config.CSVHeaderLocation === 'GIVEN' ? config.CSVHeaders : (rows.shift() ?? [])
  return rows.map((row) => Object.fromEntries(headers.map((header, column) => [header, row[column] ?? ''])))
}

async function listObjects(
  s3: S3Client,
  parameters: z.infer<typeof ListParameters>,
  limit: number,
): Promise<unknown[]> {
  const items: unknown[] = []
  let token: string | undefined
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: parameters.Bucket,
        ...(parameters.Prefix !== undefined && { Prefix: parameters.Prefix }),
        ...(token !== undefined && { ContinuationToken: token }),
      }),
    )
    for (const { ETag, Key, LastModified, Size, StorageClass } of page.Contents ?? []) {
      items.push({
        Etag: ETag,
        Key,
        LastModified: Math.floor((LastModified?.getTime() ?? 0) / 1000),
        Size,
        StorageClass: StorageClass ?? 'STANDARD',
      })
    }
    token = page.NextContinuationToken
  } while (token !== undefined && items.length < limit)
  return items
}
