import * as z from 'zod'
import type {
  EventBusResource,
  EventRuleResource,
  ScheduleGroupResource,
  ScheduleResource,
  StateMachineResource,
} from './resources.ts'
import { type Read, type Reading, withoutEffect } from './reading.ts'

const StateMachine = z.strictObject({
  RoleArn: z.string(),
  StateMachineType: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  ...withoutEffect(
    'StateMachineName',
    'LoggingConfiguration',
    'TracingConfiguration',
    'EncryptionConfiguration',
    'Tags',
  ),
})

const Schedule = z
  .object({ GroupName: z.string().default('default'), ScheduleExpression: z.string() })
  .catchall(z.unknown())

const Rule = z.strictObject({
  EventBusName: z.string().default('default'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  Targets: z.array(z.record(z.string(), z.unknown())).default([]),
  ...withoutEffect('Name', 'Description', 'RoleArn', 'Tags'),
})

type Workflows = {
  stateMachines: StateMachineResource[]
  scheduleGroups: ScheduleGroupResource[]
  schedules: ScheduleResource[]
  eventBuses: EventBusResource[]
  eventRules: EventRuleResource[]
}

export function readWorkflows(reading: Reading): Workflows {
  return {
    stateMachines: reading.each('AWS::StepFunctions::StateMachine', StateMachine).map((machine) => ({
      ...placeOf(machine),
      name: machine.identity.attributes['Name'] ?? '',
      roleArn: machine.is.RoleArn,
      type: machine.is.StateMachineType,
      definition: definitionOf(reading, machine),
    })),
    scheduleGroups: reading
      .each('AWS::Scheduler::ScheduleGroup', z.strictObject(withoutEffect('Name', 'Tags')))
      .map((group) => ({ ...placeOf(group), name: group.identity.ref })),
    schedules: reading.each('AWS::Scheduler::Schedule', Schedule).map((schedule) => ({
      ...placeOf(schedule),
      name: schedule.identity.ref,
      groupName: schedule.is.GroupName,
      properties: schedule.is,
    })),
    eventBuses: reading
      .each('AWS::Events::EventBus', z.strictObject(withoutEffect('Name', 'Description', 'Tags')))
      .map((bus) => ({ ...placeOf(bus), name: bus.identity.ref })),
    eventRules: reading.each('AWS::Events::Rule', Rule).map((rule) => ({
      ...placeOf(rule),
      name: rule.identity.ref.split('|').at(-1) ?? '',
      busName: rule.is.EventBusName.split('/').at(-1) ?? 'default',
      enabled: rule.is.State === 'ENABLED',
      ...(rule.is.EventPattern === undefined ? {} : { pattern: rule.is.EventPattern }),
      ...(rule.is.ScheduleExpression === undefined ? {} : { scheduleExpression: rule.is.ScheduleExpression }),
      targets: rule.is.Targets,
    })),
  }
}

function placeOf({ stack, logicalId, identity }: Read<unknown>): {
  stack: string
  logicalId: string
  arn: string
} {
  return { stack, logicalId, arn: identity.attributes['Arn'] ?? '' }
}

function definitionOf(
  reading: Reading,
  machine: Read<z.infer<typeof StateMachine>>,
): Record<string, unknown> {
  const { DefinitionString, Definition, DefinitionSubstitutions } = machine.is
  const source = DefinitionString ?? JSON.stringify(Definition ?? {})
  const missing = new Set<string>()
  // CloudFormation replaces `${name}` anywhere in the text; a context object path is `$$.…` and never matches.
  const text = source.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => {
    const value = DefinitionSubstitutions[name]
    if (value === undefined) missing.add(name)
    return value === undefined ? whole : JSON.stringify(value).slice(1, -1)
  })
  for (const name of missing) reading.problem(machine, `the definition's \${${name}} has no substitution`)
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  reading.problem(machine, 'the definition is not a JSON object (a definition kept in S3 is not supported)')
  return {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
