import type * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import type { complianceRoutes, ShownFinding } from './routes.ts'
import { readDevice, readText } from '../device-records.ts'
import { configOf } from './check-device.ts'
import { isChosen, listOf, readDevices, readExceptions, readRules } from './current.ts'
import { evaluateRule, type Config, type Finding } from './evaluate.ts'
import { complianceKey, DeviceCompliance } from './records.ts'
import { compileRule } from './rule.ts'
import { issuesOf } from './rule-problems.ts'
import { showException } from './report.ts'

type Stores = { engine: Engine; archive: ObjectStore }
type Reply = z.input<(typeof complianceRoutes)['deviceCompliance']['response']>
type Asked = z.output<(typeof complianceRoutes)['testComplianceRule']['body']>

const nothing = { missing: [], offending: [], sections: 0, is_cut: false }

/**
 * The newest text of a device held against every rule, now: the report's own evaluation may be older.
 * @throws AppError `not_found`, `too_large`
 */
export async function deviceCompliance(stores: Stores, deviceId: number): Promise<Reply> {
  const { engine, archive } = stores
  const named = await readDevice(engine, deviceId)
  const { text, stored } = await readText({ table: engine.table, archive }, deviceId, 'latest')
  const device = (await readDevices(engine)).find(({ id }) => id === deviceId)
  if (device === undefined) throw new AppError('not_found', `There is no device ${deviceId}.`)
  const [rules, exceptionOf, item] = await Promise.all([
    readRules(engine),
    readExceptions(engine, engine.now()),
    engine.table.get(DeviceCompliance, complianceKey(deviceId)),
  ])
  const config = configOf(stored.deviceType, new TextDecoder().decode(text))
  const shown: Reply['rules'] = []
  for (const rule of rules) {
    const { id, name, severity, kind, remediation } = rule
    const isAsked = isChosen(rule, device)
    const { outcome, ...finding } = isAsked
      ? await evaluated(rule, config)
      : { outcome: 'not_applicable' as const, ...nothing }
    const exception = exceptionOf(id, deviceId)
    shown.push({
      rule: { id, name, severity, kind, remediation },
      outcome: outcome === 'failed' && exception !== undefined ? 'excepted' : outcome,
      reason: outcome !== 'not_applicable' ? null : isAsked ? 'section' : 'device',
      exception: exception === undefined ? null : showException(exception),
      ...finding,
    })
  }
  const isCurrent = item?.sequence === stored.sequence && item.rules === listOf(rules).hash
  return {
    device: named,
    version: stored.sequence,
    collected: stored.collectedAt,
    reported:
      item === undefined ? null : { version: item.sequence, checked: item.checkedAt, stale: !isCurrent },
    rules: shown,
  }
}

/**
 * What a rule would find; nothing is stored.
 * @throws AppError `validation_failed` naming the part of the rule, `not_found`, `too_large`
 */
export async function testRule(stores: Stores, asked: Asked): Promise<z.input<typeof ShownFinding>> {
  const issues = (await issuesOf(asked.rule)).map(({ path, message }) => ({ path: `rule.${path}`, message }))
  const [first] = issues
  if (first !== undefined) throw new AppError('validation_failed', first.message, { issues })
  return evaluated(asked.rule, await configToTest(stores, asked))
}

async function configToTest(
  { engine, archive }: Stores,
  { device, version, text, platform }: Asked,
): Promise<Config> {
  if ((device === undefined) === (text === undefined))
    throw invalid('device', 'Either a device or a text is expected.')
  if (text !== undefined) {
    if (platform !== undefined && findPlatform(platform) === undefined)
      throw invalid('platform', `"${platform}" is no device type.`)
    return configOf(platform ?? '', text)
  }
  const found = await readDevice(engine, device ?? 0)
  const read = await readText({ table: engine.table, archive }, found.id, version)
  return configOf(read.stored.deviceType, new TextDecoder().decode(read.text))
}

const invalid = (path: string, message: string): AppError =>
  new AppError('validation_failed', message, { issues: [{ path, message }] })

async function evaluated(rule: Asked['rule'], config: Config): Promise<Finding> {
  const compiled = await compileRule(rule)
  if (!('rule' in compiled)) throw new AppError('internal', 'a rule cannot be read')
  return evaluateRule(compiled.rule, config)
}
