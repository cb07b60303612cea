import type * as z from 'zod'
import type { ConfigVersion, RunResult } from './records.ts'
import type { ShownResult, ShownVersion } from './routes.ts'

/** A result as the API shows it. */
export const showResult = (result: RunResult): z.input<typeof ShownResult> => ({
  device: { id: result.deviceId, name: result.name },
  status: result.status,
  category: result.category ?? null,
  detail: result.detail ?? null,
  pass: result.pass,
  version: result.sequence ?? null,
  credential: result.credentialId ?? null,
  attempts: result.attempts.map(({ credentialId, accepted }) => ({ credential: credentialId, accepted })),
  finished: result.finishedAt,
  elapsed_ms: result.elapsedMs,
  serial: result.serial ?? null,
  os: result.os ?? null,
  log: result.events,
})

export const showVersion = (version: ConfigVersion): z.input<typeof ShownVersion> => ({
  version: version.sequence,
  collected: version.collectedAt,
  run: version.runId,
  sha256: version.sha256,
  bytes: version.bytes,
  lines: version.lines,
  secrets: version.secrets,
  platform: version.deviceType,
  path: version.path,
})
