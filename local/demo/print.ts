import type { Result } from './watch-run.ts'

/** One line per device that failed, and how many did not. */
export function printResults(results: readonly Result[]): void {
  const width = Math.max(...results.map(({ device }) => device.name.length), 6)
  console.log(`  ${'device'.padEnd(width)}  result     pass     time`)
  for (const { device, status, category, detail, pass, elapsed_ms: elapsedMs } of results) {
    const why = category === null ? '' : `  ${category}: ${detail ?? ''}`
    const time = `${(elapsedMs / 1000).toFixed(2)} s`.padStart(8)
    console.log(`  ${device.name.padEnd(width)}  ${status.padEnd(9)}  ${pass}     ${time}${why}`)
  }
}

/** What to do next. */
export function printWayOn(where: { url: string; token: string; dataDir: string; cloneUrl: string }): void {
  const { url, token, dataDir, cloneUrl } = where
  console.log(`
netkeep goes on serving at ${url} (stop it with Ctrl-C; data in ${dataDir}).

  console    ${url}/
  API token  ${token}

  git clone ${cloneUrl}

  export AUTH="Authorization: Token ${token}"
  curl -s -H "$AUTH" "${url}/api/dcim/devices/?limit=3"
  curl -s -H "$AUTH" "${url}/api/backups/runs/"
  curl -s -H "$AUTH" -H "Content-Type: application/json" ${url}/api/backups/runs/ -d '{}'
  curl -s ${url}/api/schema/
`)
}
