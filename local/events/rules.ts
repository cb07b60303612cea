import * as z from 'zod'
import type { Host } from '../service.ts'
import type { EventRuleResource } from '../template/resources.ts'
import { readExpression, type Timing } from '../../shared/timing.ts'
import { type NewDelivery, retryDefaults } from './delivery.ts'
import { compilePattern, type Matcher } from './pattern.ts'
import { inputFor, TargetInput } from './target-input.ts'
import { isKnownTarget } from './targets.ts'

const Target = TargetInput.extend({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.coerce.number().optional(),
      MaximumEventAgeInSeconds: z.coerce.number().optional(),
    })
    .default({}),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).default({}),
}).strict()

export type Rule = {
  resource: EventRuleResource
  targets: z.infer<typeof Target>[]
  matches?: Matcher
  timing?: Timing
}

/**
 * Reads the rules of the template.
 * @throws Error listing every rule, by its name, that cannot be hosted.
 */
export function readRules(host: Host): Rule[] {
  const complaints: string[] = []
  const rules = host.resources.eventRules.flatMap((resource) => {
    try {
      return [readRule(resource)]
    } catch (error) {
      complaints.push(
        `${resource.stack}/${resource.logicalId}: ${error instanceof Error ? error.message : ''}`,
      )
      return []
    }
  })
  if (complaints.length > 0) throw new Error(`event rules cannot be hosted:\n  ${complaints.join('\n  ')}`)
  return rules
}

function readRule(resource: EventRuleResource): Rule {
  const targets = resource.targets.map((target) => {
    const parsed = Target.safeParse(target)
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
    if (!isKnownTarget(parsed.data.Arn)) throw new Error(`the target ${parsed.data.Arn} is not hosted`)
    if (/:states:/.test(parsed.data.Arn) && parsed.data.RoleArn === undefined) {
      throw new Error(`the target ${parsed.data.Arn} needs a RoleArn`)
    }
    return parsed.data
  })
  const { pattern, scheduleExpression } = resource
  return {
    resource,
    targets,
    ...(pattern !== undefined && { matches: compilePattern(pattern) }),
    // Rates count from the epoch, so that a restart does not put them off.
    ...(scheduleExpression !== undefined && {
      timing: readExpression(scheduleExpression, { anchor: new Date(0) }),
    }),
  }
}

/** What the rule's targets get for an event. */
export function deliveriesFor(rule: Rule, event: Record<string, unknown>): NewDelivery[] {
  const { arn: ruleArn, name: ruleName } = rule.resource
  return rule.targets.map((target) => ({
    targetArn: target.Arn,
    caller:
      target.RoleArn === undefined
        ? { kind: 'service', principal: 'events.amazonaws.com', sourceArn: ruleArn }
        : { kind: 'role', roleArn: target.RoleArn },
    input: inputFor(target, event, { ruleArn, ruleName }),
    retriesMax: target.RetryPolicy.MaximumRetryAttempts ?? retryDefaults.retriesMax,
    ageSecondsMax: target.RetryPolicy.MaximumEventAgeInSeconds ?? retryDefaults.ageSecondsMax,
    ...(target.DeadLetterConfig.Arn !== undefined && { deadLetterArn: target.DeadLetterConfig.Arn }),
    deadLetterNotes: { RULE_ARN: ruleArn },
  }))
}
