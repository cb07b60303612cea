import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const python = '/usr/bin/python3'

/** Whether Debian's python3-pynetbox is installed. */
export const isPynetboxThere = spawnSync(python, ['-c', 'import pynetbox']).status === 0

/** Runs a script beside this file, which prints one JSON object. */
export async function runPython(script: string, given: readonly string[]): Promise<Record<string, unknown>> {
  const file = `${import.meta.dirname}/${script}`
  const child = spawn(python, [file, ...given], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [[code], printed, errors] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ])
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}: ${errors}`)
  return JSON.parse(printed) as Record<string, unknown>
}
