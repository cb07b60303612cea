import { findPlatform } from '../../platforms/platforms.ts'
import { isChosen, type CheckedDevice, type Rule } from './current.ts'
import { evaluateRule, readConfig, type Config, type Finding } from './evaluate.ts'
import { outcomeMarks, type DeviceCompliance, type FirstFinding } from './records.ts'
import type { CompiledRule } from './rule.ts'

export type ReadyRule = { row: Rule; compiled: CompiledRule }

/** A device fails at most so many rules with their lines kept: its item stays small. */
const findingsMax = 100
const findingCharactersMax = 200

/** A configuration as its device type has it; a platform that there is no more is read by indentation. */
export const configOf = (deviceType: string, text: string): Config =>
  readConfig(findPlatform(deviceType)?.blocks ?? 'indent', text)

/** The marks of all rules for one device, and what was found first where it fails. */
export function checkDevice(
  rules: readonly ReadyRule[],
  device: CheckedDevice,
  config: Config,
): Pick<DeviceCompliance, 'outcomes' | 'findings'> {
  const findings: Record<string, FirstFinding> = {}
  const marks = rules.map(({ row, compiled }) => {
    if (!isChosen(row, device)) return outcomeMarks.not_chosen
    const finding = evaluateRule(compiled, config)
    if (finding.outcome !== 'failed')
      return finding.outcome === 'passed' ? outcomeMarks.passed : outcomeMarks.not_applicable
    if (Object.keys(findings).length < findingsMax) findings[String(row.id)] = firstOf(finding)
    return outcomeMarks.failed
  })
  return { outcomes: marks.join(''), findings }
}

/** Which rules are about a device, as marks have it: another string means that it was chosen otherwise. */
export const chosenMarks = (rules: readonly Rule[], device: CheckedDevice): string =>
  rules.map((rule) => (isChosen(rule, device) ? '+' : outcomeMarks.not_chosen)).join('')

export const isSameChoice = (outcomes: string, chosen: string): boolean =>
  outcomes.replaceAll(/[^-]/g, '+') === chosen

function firstOf({ missing, offending }: Finding): FirstFinding {
  const [line] = offending
  if (line !== undefined) return { number: line.number, text: cut(line.text), missing: false }
  const [gap] = missing
  return { number: gap?.section?.number ?? null, text: cut(gap?.lines[0] ?? ''), missing: true }
}

const cut = (text: string): string => text.slice(0, findingCharactersMax)
