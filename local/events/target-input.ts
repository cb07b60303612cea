import * as z from 'zod'

const InputTransformer = z.object({
  InputTemplate: z.string(),
  InputPathsMap: z.record(z.string(), z.string()).default({}),
})

/** What a rule's target says about the text it wants. */
export const TargetInput = z.object({
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: InputTransformer.optional(),
})
export type TargetInput = z.infer<typeof TargetInput>

export type RuleNames = { ruleArn: string; ruleName: string }

/** The text a target gets for an event: the event itself, a part of it, a constant, or a template filled in. */
export function inputFor(target: TargetInput, event: Record<string, unknown>, rule: RuleNames): string {
  if (target.Input !== undefined) return target.Input
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath)) ?? 'null'
  if (target.InputTransformer === undefined) return JSON.stringify(event)
  const { InputPathsMap, InputTemplate } = target.InputTransformer
  const values = new Map<string, unknown>(
    Object.entries(InputPathsMap).map(([name, path]) => [name, valueAt(event, path)]),
  )
  values.set('aws.events.rule-arn', rule.ruleArn)
  values.set('aws.events.rule-name', rule.ruleName)
  values.set('aws.events.event.ingestion-time', event['time'])
  values.set('aws.events.event', event)
  values.set('aws.events.event.json', event)
  return fillTemplate(InputTemplate, values)
}

/** Outside quotes a variable becomes JSON; inside a text it becomes text, escaped. */
function fillTemplate(template: string, values: ReadonlyMap<string, unknown>): string {
  const isJson = /^\s*[{["<]/.test(template)
  let quoted = false
  let filled = ''
  for (let at = 0; at < template.length; at++) {
    const char = template[at] ?? ''
    const variable = /^<([^<>]+)>/.exec(template.slice(at, at + 130))
    if (variable?.[1] !== undefined && values.has(variable[1])) {
      filled += asText(values.get(variable[1]), quoted || !isJson)
      at += variable[0].length - 1
      continue
    }
    if (char === '\\' && quoted) filled += char + (template[++at] ?? '')
    else {
      if (char === '"') quoted = !quoted
      filled += char
    }
  }
  return filled
}

function asText(value: unknown, quoted: boolean): string {
  if (value === undefined) return quoted ? '' : '""'
  const json = JSON.stringify(value)
  if (!quoted) return json
  return typeof value === 'string' ? json.slice(1, -1) : JSON.stringify(json).slice(1, -1)
}

/** Paths of EventBridge: `$`, `$.detail.name`, `$.resources[0]`. Undefined where there is nothing. */
function valueAt(event: unknown, path: string): unknown {
  let value: unknown = event
  for (const [, member, index] of path.slice(1).matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[member ?? index ?? '']
  }
  return value
}
