import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'

/**
 * The one test command: static checks, then every suite. Prints progress and ends with the line
 * `N passed, N failed, N skipped`; a static check counts as one test.
 */
const checks = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'types of the console', command: ['tsc', '-p', 'web'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'dead code', command: ['knip'] },
] as const

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

const filters = process.argv.slice(2)
const totals = { passed: 0, failed: 0, skipped: 0 }
const startedMs = performance.now()

for (const check of filters.length === 0 ? checks : []) {
  const from = performance.now()
  const status = await run(check.command)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds(from)} s)`)
  totals[status === 0 ? 'passed' : 'failed'] += 1
}
await runSuites()

console.log(`took ${seconds(startedMs)} s`)
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
process.exitCode = totals.failed === 0 ? 0 : 1

async function runSuites(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'netkeep-tests-'))
  const file = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const status = await run(['vitest', 'run', '--config', 'tests/vitest.config.ts', ...reporters, ...filters])
  const report = readReport(file)
  rmSync(folder, { recursive: true, force: true })
  if (report === undefined) {
    console.log('FAILED: the suites left no report')
    totals.failed += 1
    return
  }
  totals.passed += report.numPassedTests
  // A file that does not load has no tests to fail: it counts as one failure itself.
  const unloaded = report.testResults.filter(
    ({ status: outcome, assertionResults }) => outcome === 'failed' && assertionResults.length === 0,
  )
  totals.failed += report.numFailedTests + unloaded.length
  totals.skipped += report.numPendingTests + report.numTodoTests
  if (status !== 0 && totals.failed === 0) totals.failed += 1
  for (const { assertionResults } of report.testResults) {
    for (const { fullName, status: outcome } of assertionResults) {
      if (outcome === 'pending' || outcome === 'skipped') console.log(`skipped: ${fullName}`)
    }
  }
}

function readReport(file: string): z.infer<typeof Report> | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    console.log(String(error))
    return undefined
  }
}

async function run(command: readonly string[]): Promise<number> {
  const [name = '', ...rest] = command
  const child = spawn(name, rest, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code]: unknown[] = await once(child, 'exit')
  return typeof code === 'number' ? code : 1
}

function seconds(fromMs: number): string {
  return ((performance.now() - fromMs) / 1000).toFixed(1)
}
