import * as z from 'zod'
import type { EventSourceMappingResource, FunctionResource } from './resources.ts'
import { type Reading, withoutEffect } from './reading.ts'

/** Where the function construct of `infra/` writes a function's source file. */
const entryMetadata = 'netkeep:entry'

const Function = z.strictObject({
  Role: z.string(),
  Handler: z.string(),
  Runtime: z.templateLiteral(['nodejs', z.string()]),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).optional(),
  ...withoutEffect(
    'FunctionName',
    'Description',
    'Code',
    'Architectures',
    'PackageType',
    'TracingConfig',
    'EphemeralStorage',
    'KmsKeyArn',
    'VpcConfig',
    'RuntimeManagementConfig',
    'RecursiveLoop',
    'Tags',
  ),
})

const Permission = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  ...withoutEffect('SourceAccount'),
})

const EventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.number().default(2),
  DestinationConfig: z
    .strictObject({ OnFailure: z.object({ Destination: z.string() }).optional() })
    .optional(),
  ...withoutEffect('MaximumEventAgeInSeconds'),
})

const EventSourceMapping = z
  .object({
    FunctionName: z.string(),
    EventSourceArn: z.string(),
    Enabled: z.boolean().default(true),
  })
  .catchall(z.unknown())

type Compute = { functions: FunctionResource[]; eventSourceMappings: EventSourceMappingResource[] }

export function readCompute(reading: Reading): Compute {
  return { functions: readFunctions(reading), eventSourceMappings: readEventSourceMappings(reading) }
}

function readFunctions(reading: Reading): FunctionResource[] {
  const permissions = reading.each('AWS::Lambda::Permission', Permission).map(({ is }) => is)
  const configs = reading.each('AWS::Lambda::EventInvokeConfig', EventInvokeConfig).map(({ is }) => is)
  return reading.each('AWS::Lambda::Function', Function).map((resource) => {
    const { stack, logicalId, is, identity, metadata } = resource
    const name = identity.ref
    const arn = identity.attributes['Arn'] ?? ''
    const entry = metadata[entryMetadata]
    if (typeof entry !== 'string')
      reading.problem(resource, `a function needs the metadata ${entryMetadata}: its source file`)
    const own = (functionName: string): boolean => functionName === name || functionName === arn
    const config = configs.find(({ FunctionName }) => own(FunctionName))
    const onFailureArn = config?.DestinationConfig?.OnFailure?.Destination
    const { DeadLetterConfig, LoggingConfig } = is
    return {
      stack,
      logicalId,
      name,
      arn,
      roleArn: is.Role,
      environment: is.Environment?.Variables ?? {},
      timeoutSeconds: is.Timeout,
      memoryMegabytes: is.MemorySize,
      entry: String(entry),
      handler: is.Handler.split('.').at(-1) ?? 'handler',
      ...(LoggingConfig?.LogGroup === undefined ? {} : { logGroup: LoggingConfig.LogGroup }),
      ...(DeadLetterConfig === undefined ? {} : { deadLetterArn: DeadLetterConfig.TargetArn }),
      asyncRetries: config?.MaximumRetryAttempts ?? 2,
      ...(onFailureArn === undefined ? {} : { onFailureArn }),
      permissions: permissions
        .filter(({ FunctionName }) => own(FunctionName))
        .map(({ Principal, Action, SourceArn }) => ({
          principal: Principal,
          action: Action,
          ...(SourceArn === undefined ? {} : { sourceArn: SourceArn }),
        })),
    }
  })
}

function readEventSourceMappings(reading: Reading): EventSourceMappingResource[] {
  const functions = reading.each('AWS::Lambda::Function', z.unknown())
  return reading.each('AWS::Lambda::EventSourceMapping', EventSourceMapping).map((mapping) => {
    const { stack, logicalId, is, identity } = mapping
    const { FunctionName, EventSourceArn, Enabled, ...properties } = is
    const target = functions.find(
      ({ identity: { ref, attributes } }) => ref === FunctionName || attributes['Arn'] === FunctionName,
    )
    if (target === undefined) reading.problem(mapping, `the function ${FunctionName} is not in the template`)
    return {
      stack,
      logicalId,
      id: identity.ref,
      functionArn: target?.identity.attributes['Arn'] ?? FunctionName,
      eventSourceArn: EventSourceArn,
      enabled: Enabled,
      properties,
    }
  })
}
