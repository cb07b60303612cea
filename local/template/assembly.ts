import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** What a stack's template is made of, as far as it is read here. Everything else in it is CloudFormation's own. */
export const CfnResource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).optional(),
  Condition: z.string().optional(),
})
export type CfnResource = z.infer<typeof CfnResource>

const CfnParameter = z.object({ Type: z.string(), Default: z.unknown().optional() })
const CfnOutput = z.object({
  Value: z.unknown(),
  Export: z.object({ Name: z.unknown() }).optional(),
  Condition: z.string().optional(),
})

export const CfnTemplate = z.object({
  Resources: z.record(z.string(), CfnResource).default({}),
  Parameters: z.record(z.string(), CfnParameter).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Outputs: z.record(z.string(), CfnOutput).default({}),
  Transform: z.unknown().optional(),
})
export type CfnTemplate = z.infer<typeof CfnTemplate>

export type StackTemplate = { stack: string; template: CfnTemplate }

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      displayName: z.string().optional(),
      properties: z
        .object({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .loose()
        .optional(),
    }),
  ),
})

/** Reads every stack of a cloud assembly (the output folder of a synthesis). */
export function readAssembly(folder: string): StackTemplate[] {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  const stacks: StackTemplate[] = []
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const file = artifact.properties?.templateFile
    if (artifact.type !== 'aws:cloudformation:stack' || file === undefined) continue
    const template = CfnTemplate.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    stacks.push({ stack: artifact.properties?.stackName ?? id, template })
  }
  return stacks
}
