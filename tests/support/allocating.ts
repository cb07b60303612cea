import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { SdkConfig } from '../../local/service.ts'
import type { Race } from './allocations.ts'
import type { Reported } from '../bench/allocating-process.ts'

/** Where a process finds DynamoDB. */
export type Reached = Pick<SdkConfig, 'endpoint' | 'region' | 'credentials'>

/** Runs a race in a process of its own, which finds its service as a function does: by its environment. */
export async function raceInProcess(
  race: Race,
  { name, reached }: { name: string; reached: Reached },
): Promise<Reported> {
  const script = new URL('../bench/allocating-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, JSON.stringify({ ...race, name })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: reached.endpoint,
      AWS_REGION: reached.region,
      AWS_ACCESS_KEY_ID: reached.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: reached.credentials.secretAccessKey,
    },
  })
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  return JSON.parse(output) as Reported
}
