import * as z from 'zod'
import { complianceShards, keys, shardOf, type Key } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'

/**
 * Outcomes are kept as one character a rule, in the order of a list of rules that all devices share: 50,000 devices
 * with a hundred rules are some 15 MB, and no text is read to report on them.
 */

/** The rules of an evaluation with their versions, in the order of their ids; never changed. */
export const RuleList = z.object({
  hash: z.string(),
  rules: z.array(z.tuple([z.int(), z.int()])),
})
export type RuleList = z.infer<typeof RuleList>

/** `-`: the rule is not about the device; `n`: nor about its configuration, which has no such section. */
export const outcomeMarks = { passed: 'p', failed: 'f', not_applicable: 'n', not_chosen: '-' } as const

const FirstFinding = z.object({
  /** Its number in the text; null where it is missing and stands in no section. */
  number: z.int().nullable(),
  text: z.string(),
  missing: z.boolean(),
})
export type FirstFinding = z.infer<typeof FirstFinding>

/** How a device's newest configuration stands to the rules. Changed with every evaluation, by `version`. */
export const DeviceCompliance = z.object({
  deviceId: z.int(),
  version: z.int(),
  /** Of the configuration. */
  sequence: z.int(),
  checkedAt: z.string(),
  /** The hash of the list of rules. */
  rules: z.string(),
  outcomes: z.string(),
  /** By the rule's id; of very many, not all are kept. */
  findings: z.record(z.string(), FirstFinding),
})
export type DeviceCompliance = z.infer<typeof DeviceCompliance>

export const ComplianceHead = z.object({ rules: z.string(), at: z.string() })

const NewFailure = FirstFinding.extend({ rule: z.int(), name: z.string(), severity: z.string() })
export type NewFailure = z.infer<typeof NewFailure>

/** Rules that a device fails by what a run has stored, and did not fail before. */
export const NewlyFailing = z.object({ deviceId: z.int(), name: z.string(), rules: z.array(NewFailure) })
export type NewlyFailing = z.infer<typeof NewlyFailing>

export const complianceKey = (deviceId: number): Key =>
  keys.compliance(shardOf(deviceId, complianceShards), deviceId)

/** Reads lists of rules, each once. */
export function listReader(table: Table): (hash: string) => Promise<RuleList | undefined> {
  const known = new Map<string, Promise<RuleList | undefined>>()
  return (hash) => {
    const reading = known.get(hash) ?? table.get(RuleList, keys.complianceRules(hash))
    known.set(hash, reading)
    return reading
  }
}
