/**
 * The typed view of the synthesised template: every intrinsic resolved, every name and ARN concrete.
 * Property names are CloudFormation's own where a part is passed on as it is (`properties`, targets, filters).
 */

/** Where a resource was declared: for messages. */
export type Declared = { stack: string; logicalId: string }

export type KeyPart = { name: string; type: 'S' | 'N' | 'B' }
export type IndexResource = {
  name: string
  partition: KeyPart
  sort?: KeyPart
  projection: Record<string, unknown>
}

export type TableResource = Declared & {
  name: string
  arn: string
  /** As the template's references see it; the running stream has its own label. */
  streamArn?: string
  streamView?: string
  partition: KeyPart
  sort?: KeyPart
  indexes: IndexResource[]
  expiryAttribute?: string
}

export type BucketResource = Declared & {
  name: string
  arn: string
  versioned: boolean
  /** "Object Created" events go to the default bus. */
  publishesEvents: boolean
  /** With SSE-KMS the caller also needs the key: kms:GenerateDataKey to write, kms:Decrypt to read. */
  encryptionKeyArn?: string
  policy?: PolicyDocument
}

export type FunctionResource = Declared & {
  name: string
  arn: string
  roleArn: string
  environment: Record<string, string>
  timeoutSeconds: number
  memoryMegabytes: number
  /** The source file, relative to the project, from `Metadata: { 'netkeep:entry': … }`. */
  entry: string
  /** The exported name of the handler. */
  handler: string
  logGroup?: string
  deadLetterArn?: string
  /** Lambda's own retries of asynchronous invocations (0–2, AWS default 2). */
  asyncRetries: number
  onFailureArn?: string
  /** Who may invoke it by AWS::Lambda::Permission. */
  permissions: { principal: string; action: string; sourceArn?: string }[]
}

export type PolicyDocument = { Version?: string; Statement: Record<string, unknown>[] }
export type RoleResource = Declared & {
  name: string
  arn: string
  trust: PolicyDocument
  policies: { name: string; document: PolicyDocument }[]
}

/** Requests per second, and how many may come at once. */
export type Throttle = { rate: number; burst: number }
export type RouteResource = { routeKey: string; functionArn: string; timeoutMs: number; throttle?: Throttle }
export type HttpApiResource = Declared & {
  id: string
  arn: string
  name: string
  stage: { name: string; variables: Record<string, string>; throttle?: Throttle; accessLogFormat?: string }
  routes: RouteResource[]
}

/** What answers the requests whose path matches. */
export type BehaviourResource = {
  /** `*` stands for any characters, `?` for one. */
  pathPattern: string
  methods: string[]
  /** The name of a bucket, or the id of an HTTP API. */
  origin: { bucket: string } | { api: string }
  /** Set on every answer, whatever the origin said. */
  headers: Record<string, string>
  /** The source of the CloudFront function that sees the request first. */
  requestFunction?: string
}
export type DistributionResource = Declared & {
  id: string
  arn: string
  /** In order of precedence; the last one takes every path. */
  behaviours: BehaviourResource[]
  /** The program that builds the site and prints its folder, from `Metadata: { 'netkeep:site': … }`. */
  siteBuilder?: string
}

export type StateMachineResource = Declared & {
  name: string
  arn: string
  roleArn: string
  type: 'STANDARD' | 'EXPRESS'
  /** The ASL document, with its substitutions made. */
  definition: Record<string, unknown>
}

export type ScheduleGroupResource = Declared & { name: string; arn: string }
/** `properties` as in AWS::Scheduler::Schedule: ScheduleExpression, Target, FlexibleTimeWindow … */
export type ScheduleResource = Declared & {
  name: string
  groupName: string
  arn: string
  properties: Record<string, unknown>
}

export type EventBusResource = Declared & { name: string; arn: string }
export type EventRuleResource = Declared & {
  name: string
  arn: string
  busName: string
  enabled: boolean
  pattern?: Record<string, unknown>
  scheduleExpression?: string
  /** As in AWS::Events::Rule: Id, Arn, RoleArn, Input, InputPath, InputTransformer, RetryPolicy, DeadLetterConfig. */
  targets: Record<string, unknown>[]
}

export type EventSourceMappingResource = Declared & {
  id: string
  functionArn: string
  eventSourceArn: string
  enabled: boolean
  /** As in AWS::Lambda::EventSourceMapping: BatchSize, FilterCriteria, DestinationConfig … */
  properties: Record<string, unknown>
}

export type QueueResource = Declared & {
  name: string
  arn: string
  url: string
  /** Queue attributes as SQS names them, every value a string. */
  attributes: Record<string, string>
  policy?: PolicyDocument
}

export type KeyResource = Declared & { id: string; arn: string; aliases: string[]; policy?: PolicyDocument }

export type TemplateResources = {
  tables: TableResource[]
  buckets: BucketResource[]
  functions: FunctionResource[]
  roles: RoleResource[]
  httpApis: HttpApiResource[]
  distributions: DistributionResource[]
  stateMachines: StateMachineResource[]
  scheduleGroups: ScheduleGroupResource[]
  schedules: ScheduleResource[]
  /** The default bus is not listed: it always exists. */
  eventBuses: EventBusResource[]
  eventRules: EventRuleResource[]
  eventSourceMappings: EventSourceMappingResource[]
  queues: QueueResource[]
  keys: KeyResource[]
}
