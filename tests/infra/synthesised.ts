import type { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Stack } from 'aws-cdk-lib'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { netkeepApp } from '../../infra/netkeep.ts'

/** What makes CDK skip bundling, as the local runtime does. */
const unbundled = { 'aws:cdk:bundling-stacks': [] }

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** The real app, not yet synthesised, writing to a folder that goes after the tests. */
export function freshApp(context: Record<string, unknown> = {}): App {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netkeep-infra-'))
  folders.push(folder)
  return netkeepApp({ ...unbundled, ...context }, folder)
}

export type Resource = {
  stack: string
  id: string
  type: string
  properties: Record<string, unknown>
  metadata: Record<string, unknown>
  deletionPolicy: string | undefined
}

type TemplateJson = {
  Resources: Record<
    string,
    {
      Type: string
      Properties?: Record<string, unknown>
      Metadata?: Record<string, unknown>
      DeletionPolicy?: string
    }
  >
  Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>
}

export type Synthesised = {
  app: App
  resources: Resource[]
  ofType: (type: string) => Resource[]
  /** Export name → the value exported. */
  exports: ReadonlyMap<string, unknown>
}

/** Its templates, as data. */
export function synthesise(context: Record<string, unknown> = {}): Synthesised {
  const app = freshApp(context)
  const templates = app.node.children
    .filter((child) => Stack.isStack(child))
    .map((stack) => ({ stack: stack.stackName, json: Template.fromStack(stack).toJSON() as TemplateJson }))
  const resources = templates.flatMap(({ stack, json }) =>
    Object.entries(json.Resources).map(([id, resource]) => ({
      stack,
      id,
      type: resource.Type,
      properties: resource.Properties ?? {},
      metadata: resource.Metadata ?? {},
      deletionPolicy: resource.DeletionPolicy,
    })),
  )
  const exported = templates.flatMap(({ json }) =>
    Object.values(json.Outputs ?? {}).flatMap(({ Value, Export }) =>
      Export === undefined ? [] : [[Export.Name, Value] as const],
    ),
  )
  return {
    app,
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    exports: new Map(exported),
  }
}

/** Logical ids without the hash that CDK puts behind them: `TableCD117FA1` → `Table`. */
export const plainId = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '')

/** A value of a template in readable words: references by their names, imports followed to what they import. */
export function inWords(value: unknown, { exports }: Pick<Synthesised, 'exports'>): string {
  const words = (part: unknown): string => {
    if (typeof part === 'string') return part
    if (typeof part !== 'object' || part === null) return JSON.stringify(part)
    if ('Ref' in part) return `<${plainId(String(part.Ref))}>`
    if ('Fn::GetAtt' in part && Array.isArray(part['Fn::GetAtt'])) {
      const [id, attribute] = part['Fn::GetAtt'] as [string, string]
      return attribute === 'Arn' ? `<${plainId(id)}>` : `<${plainId(id)}.${attribute}>`
    }
    if ('Fn::Join' in part && Array.isArray(part['Fn::Join'])) {
      const [separator, parts] = part['Fn::Join'] as [string, unknown[]]
      return parts.map(words).join(separator)
    }
    if ('Fn::ImportValue' in part) return words(exports.get(String(part['Fn::ImportValue'])))
    return JSON.stringify(part)
  }
  return words(value)
}
