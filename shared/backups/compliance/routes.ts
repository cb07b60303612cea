import * as z from 'zod'
import { id } from '../route-fields.ts'
import { JobShown } from '../../core/job-routes.ts'
import type { Routes } from '../../http/route.ts'
import { ruleKinds, ruleSeverities, type RuleKind, type RuleSeverity } from '../models/compliance-rule.ts'

const ids = z.union([id.transform((one) => [one]), z.array(id)])
const kind = z.enum(Object.keys(ruleKinds) as [RuleKind, ...RuleKind[]])
const severity = z.enum(Object.keys(ruleSeverities) as [RuleSeverity, ...RuleSeverity[]])

const Named = z.object({ id: z.int(), name: z.string() })
const ShownRule = Named.extend({ severity })
const ShownException = z.object({ id: z.int(), reason: z.string(), expires: z.string().nullable() })
const Line = z.object({ number: z.int(), text: z.string() })

const counts = {
  passed: z.int(),
  failed: z.int(),
  /** Fail and are excepted: not among the failed. */
  excepted: z.int(),
  /** The configuration has no such section. */
  not_applicable: z.int(),
  /** The rule is newer than the last evaluation of the device, or chooses it since. */
  stale: z.int(),
  /** No configuration of the device was evaluated yet. */
  unchecked: z.int(),
} as const
export const ComplianceCounts = z.object(counts)

export const ShownFailure = z.object({
  device: Named,
  site: Named,
  platform: Named.nullable(),
  /** Of the evaluated configuration. */
  version: z.int(),
  checked: z.string(),
  rules: z.array(
    ShownRule.extend({
      /** What was found first: a line that should not be there, or (`missing`) the first one that is not. */
      number: z.int().nullable(),
      text: z.string(),
      missing: z.boolean(),
      exception: ShownException.nullable(),
    }),
  ),
})

export const ShownFinding = z.object({
  outcome: z.enum(['passed', 'failed', 'not_applicable']),
  /** Lines or patterns that are not there, by the section where they should be; null: the whole text. */
  missing: z.array(z.object({ section: Line.nullable(), lines: z.array(z.string()) })),
  offending: z.array(Line.extend({ section: Line.nullable() })),
  sections: z.int(),
  /** More was found than is told. */
  is_cut: z.boolean(),
})

const group = z.object({ devices: z.int(), failing: z.int(), excepted: z.int() })

export const complianceRoutes = {
  compliance: {
    method: 'GET',
    path: '/compliance/',
    permission: 'backups.view_config',
    summary: 'How the devices stand to the compliance rules: counts, and failing devices page by page',
    query: z.strictObject({
      rule_id: ids.optional(),
      severity: z.union([severity.transform((one) => [one]), z.array(severity)]).optional(),
      site_id: ids.optional(),
      tag_id: ids.optional(),
      platform_id: ids.optional(),
      /** Which devices are listed: those that fail, or whose failures are all excepted. */
      standing: z.enum(['failed', 'excepted']).default('failed'),
      export: z.literal('csv').optional(),
      limit: z.coerce.number().int().min(0).max(1000).default(50),
      offset: z.coerce.number().int().min(0).default(0),
    }),
    status: 200,
    response: z.object({
      devices: z.int(),
      totals: ComplianceCounts,
      rules: z.array(z.object({ rule: ShownRule, ...counts })),
      severities: z.record(severity, ComplianceCounts),
      sites: z.array(group.extend({ site: Named })),
      platforms: z.array(group.extend({ platform: Named.nullable() })),
      count: z.int(),
      next: z.string().nullable(),
      previous: z.string().nullable(),
      results: z.array(ShownFailure),
    }),
    media: ['text/csv'],
    errors: ['validation_failed', 'unknown_parameter', 'too_large'],
  },
  checkCompliance: {
    method: 'POST',
    path: '/compliance/check/',
    permission: 'backups.check_compliance',
    summary: 'Evaluate now what is not up to date with rules and configurations; the job tells how far it is',
    status: 202,
    response: JobShown,
    errors: ['unavailable'],
  },
  deviceCompliance: {
    method: 'GET',
    path: '/devices/{id}/compliance/',
    permission: 'backups.view_config',
    summary: 'The newest configuration of a device held against every enabled rule, at this moment',
    params: z.object({ id }),
    status: 200,
    response: z.object({
      device: Named,
      version: z.int(),
      collected: z.string(),
      /** The evaluation that the report goes by: null where there was none. */
      reported: z.object({ version: z.int(), checked: z.string(), stale: z.boolean() }).nullable(),
      rules: z.array(
        z.object({
          rule: ShownRule.extend({ kind, remediation: z.string() }),
          outcome: z.enum(['passed', 'failed', 'excepted', 'not_applicable']),
          /** Why it is not applicable: the rule is not about this device, or there is no such section. */
          reason: z.enum(['device', 'section']).nullable(),
          exception: ShownException.nullable(),
          ...ShownFinding.omit({ outcome: true }).shape,
        }),
      ),
    }),
    errors: ['not_found', 'too_large'],
  },
  testComplianceRule: {
    method: 'POST',
    path: '/compliance-rules/test/',
    permission: 'backups.view_config',
    summary: 'What a rule would find in a configuration of a device, or in a text; stores nothing',
    body: z.strictObject({
      rule: z.strictObject({
        kind,
        value: z.string().max(20_000),
        section: z.string().max(2000).default(''),
        section_having: z.string().max(500).default(''),
        section_lacking: z.string().max(500).default(''),
        section_required: z.boolean().default(false),
      }),
      device: z.int().positive().optional(),
      version: z.union([z.literal('latest'), z.int()]).default('latest'),
      text: z.string().max(1_000_000).optional(),
      /** Of the text: the device type, such as `juniper_junos`; it says how lines belong together. */
      platform: z.string().max(100).optional(),
    }),
    status: 200,
    response: ShownFinding,
    errors: ['validation_failed', 'not_found', 'too_large'],
  },
} as const satisfies Routes
