import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod'
import { StateFailure } from './failure.ts'
import type { Child } from './map-runs.ts'
import type { Scope } from './scope.ts'

const WriterParameters = z.object({ Bucket: z.string(), Prefix: z.string().default('') })

export type WrittenResults = { MapRunArn: string; ResultWriterDetails: { Bucket: string; Key: string } }

/** The files AWS writes, by what became of the children. A child that never started is pending. */
const files = { SUCCEEDED: ['SUCCEEDED'], FAILED: ['FAILED', 'ABORTED'], PENDING: ['PENDING'] } as const

/**
 * Writes `manifest.json` and one file per outcome, under the state machine's role.
 * @throws StateFailure States.ResultWriterFailed, also where the role may not write.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export async function writeResults(
  mapRunArn: string,
  children: readonly Child[],
  parameters: unknown,
  scope: Scope,
): Promise<WrittenResults> {
  const s3 = new S3Client(scope.host.sdk({ kind: 'role', roleArn: scope.stateMachine.roleArn }))
  try {
    const { Bucket, Prefix } = WriterParameters.parse(parameters)
    const folder = [Prefix.replace(/\/$/, ''), mapRunArn.split(':').at(-1)]
      .filter((part) => part !== '')
      .join('/')
    const put = async (name: string, content: unknown): Promise<{ Key: string; Size: number }> => {
      const Body = JSON.stringify(content)
      const Key = `${folder}/${name}`
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }))
      return { Key, Size: Buffer.byteLength(Body) }
    }
    const resultFiles: Record<string, { Key: string; Size: number }[]> = {}
    for (const [name, statuses] of Object.entries(files)) {
      const rows = children.filter((child) => (statuses as readonly string[]).includes(child.status))
      resultFiles[name] =
        rows.length === 0
          ? []
          : [
              await put(
                `${name}_0.json`,
                rows.map((row) => rowOf(row, scope)),
              ),
            ]
    }
    const manifest = { DestinationBucket: Bucket, MapRunArn: mapRunArn, ResultFiles: resultFiles }
    const { Key } = await put('manifest.json', manifest)
    return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket, Key } }
  } catch (error) {
    throw new StateFailure(
      'States.ResultWriterFailed',
      error instanceof Error ? error.message : String(error),
    )
  } finally {
    s3.destroy()
  }
}

function rowOf(child: Child, scope: Scope): Record<string, unknown> {
  return {
    ExecutionArn: child.arn,
    Input: JSON.stringify(child.input),
    InputDetails: { Included: true },
    Name: child.name,
    ...(child.status === 'SUCCEEDED' && {
      Output: JSON.stringify(child.output),
      OutputDetails: { Included: true },
    }),
    ...(child.error !== undefined && { Error: child.error, Cause: child.cause }),
    RedriveCount: 0,
    ...(child.startedAt !== undefined && { StartDate: child.startedAt }),
    StateMachineArn: `${scope.stateMachine.arn}/${child.arn.split(':').at(-2)?.split('/').at(-1) ?? ''}`,
    Status: child.status,
    ...(child.stoppedAt !== undefined && { StopDate: child.stoppedAt }),
  }
}
