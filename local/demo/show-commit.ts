import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a commit changed, as anybody with git sees it: from a fresh clone. */
export async function showCommit(cloneUrl: string, commit: string | null): Promise<void> {
  if (commit === null) return console.log('  nothing changed: no commit')
  const folder = mkdtempSync(join(tmpdir(), 'netkeep-demo-'))
  try {
    await git('clone', '--quiet', cloneUrl, folder)
    console.log(`\nFrom a fresh git clone, git show ${commit.slice(0, 10)}:\n`)
    await git('-C', folder, '--no-pager', 'show', '--stat', '--patch', '--unified=1', commit)
  } catch (error) {
    console.log(`  git could not show it: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The server is this very process, so it must not stand still while git works. */
async function git(...args: string[]): Promise<void> {
  const child = spawn('git', args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code]: unknown[] = await once(child, 'exit')
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${String(code)}`)
}
