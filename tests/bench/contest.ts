import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import * as z from 'zod'

/** What each contestant is given on its standard input … */
export type Contest = {
  sessions: number
  devices: { name: string; host: string; port: number; username: string; password: string; secret: string }[]
}

/** … and prints as one line of JSON. */
export const Score = z.object({
  wallS: z.number(),
  cpuS: z.number(),
  /** Configurations that were complete. */
  whole: z.int(),
  peakKiB: z.number(),
})
export type Score = z.infer<typeof Score>

/** @throws Error with what the contestant said when it leaves no score. */
export async function compete(command: readonly string[], contest: Contest): Promise<Score> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify({ ...contest, threads: contest.sessions }))
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const last = said.trim().split('\n').at(-1) ?? ''
  try {
    return Score.parse(JSON.parse(last))
  } catch (cause) {
    throw new Error(`${command.join(' ')} left no score: ${said.slice(-500)}`, { cause })
  }
}
