import type * as z from 'zod'
import { AppError } from '../../errors.ts'
import { contentTypes } from '../../exports/formats.ts'
import type { RawReply } from '../../http/request.ts'
import { writeCsv } from '../../imports/annotate.ts'
import { guardFormula } from '../../imports/cells.ts'
import type { Engine } from '../../model/engine.ts'
import type { complianceRoutes } from './routes.ts'
import { readReport } from './report.ts'

/** A Lambda answers 6 MB, with everything around it. */
const answerBytesMax = 4_000_000

const columns = [
  'device_id',
  'device',
  'site',
  'platform',
  'rule_id',
  'rule',
  'severity',
  'standing',
  'missing',
  'line',
  'text',
  'version',
  'checked',
  'reason',
  'expires',
]

/**
 * Everything that the report lists, a line for each rule of each device.
 * @throws AppError `too_large` for what no answer holds: by filters it is had in parts.
 */
export async function exportReport(
  engine: Engine,
  asked: z.output<(typeof complianceRoutes)['compliance']['query']>,
): Promise<RawReply> {
  const { listed, show } = await readReport(engine, asked)
  const lines = listed
    .map(show)
    .flatMap(({ device, site, platform, version, checked, rules }) =>
      rules.map(({ id, name, severity, missing, number, text, exception }) => [
        device.id,
        device.name,
        site.name,
        platform?.name,
        id,
        name,
        severity,
        exception === null ? 'failed' : 'excepted',
        missing,
        number,
        text,
        version,
        checked,
        exception?.reason,
        exception?.expires,
      ]),
    )
  const body = await writeCsv([
    columns,
    ...lines.map((line) =>
      line.map((cell) => (typeof cell === 'string' ? guardFormula(cell) : String(cell ?? ''))),
    ),
  ])
  if (Buffer.byteLength(body) > answerBytesMax)
    throw new AppError('too_large', `The file has ${lines.length} lines: ask by site, platform, tag or rule.`)
  return {
    headers: {
      'content-type': contentTypes.csv,
      'content-disposition': 'attachment; filename="compliance.csv"',
    },
    body,
  }
}
