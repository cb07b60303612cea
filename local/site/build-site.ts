import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Runs the program that builds the site; it builds only what has changed.
 * @returns the folder with the files.
 * @throws Error with what the program printed.
 */
export async function buildSite(projectDir: string, builder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [builder], { cwd: projectDir })
  return stdout.trim()
}
