import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions'
import * as z from 'zod'

/**
 * The ASL document as the walk needs it. Members it does not name are kept: the library or the handlers read them.
 */
const State = z.looseObject({
  Type: z.enum(['Task', 'Parallel', 'Map', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail']),
})
export type State = z.infer<typeof State>

export const Machine = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), State),
  TimeoutSeconds: z.int().positive().optional(),
})
export type Machine = z.infer<typeof Machine>

/** What the Lambda integration of a Task looks like; the other integrations are not hosted. */
export const lambdaInvoke = /^arn:aws[a-z-]*:states:::lambda:invoke$/
const lambdaArn = /^arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:/

const jsonataMembers = ['Arguments', 'Output', 'Assign', 'Items', 'Condition']
const readers: Record<string, readonly string[] | undefined> = {
  's3:getObject': ['JSONL', 'JSON', 'CSV'],
  's3:listObjectsV2': undefined,
}

/**
 * Reads a definition.
 * @throws Error listing every place the local runtime cannot run, so that nothing is left out in silence.
 */
export function readMachine(name: string, definition: unknown): Machine {
  const complaints: string[] = []
  const parsed = Machine.safeParse(definition)
  if (!parsed.success) throw new Error(`state machine ${name}: ${z.prettifyError(parsed.error)}`)
  complaints.push(...complaintsOf(parsed.data), ...libraryComplaints(definition))
  if (complaints.length > 0) {
    throw new Error(`state machine ${name} cannot be hosted:\n  ${complaints.join('\n  ')}`)
  }
  return ownContextPaths(parsed.data) as Machine
}

function libraryComplaints(definition: unknown): string[] {
  try {
    // ARNs are checked by the template reader; the local account's are synthetic.
    void new StateMachine(definition as StateMachineDefinition, { validationOptions: { checkArn: false } })
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function complaintsOf(machine: Machine): string[] {
  return [
    ...(usesJsonata(machine) ? ['QueryLanguage JSONata is not hosted'] : []),
    ...Object.entries(machine.States).flatMap(([name, state]) =>
      stateComplaints(state).map((complaint) => `${name}: ${complaint}`),
    ),
  ]
}

const usesJsonata = (value: Record<string, unknown>): boolean =>
  value['QueryLanguage'] !== undefined && value['QueryLanguage'] !== 'JSONPath'

function stateComplaints(state: State): string[] {
  const complaints = jsonataMembers
    .filter((member) => state[member] !== undefined)
    .map((member) => `${member} (JSONata or variables) is not hosted`)
  if (usesJsonata(state)) complaints.push('QueryLanguage JSONata is not hosted')
  if (state['Credentials'] !== undefined) complaints.push('Credentials is not hosted')
  if (JSON.stringify(state).includes('$$.Task.Token')) complaints.push('task tokens are not hosted')
  if (state.Type === 'Task') complaints.push(...taskComplaints(state))
  if (state.Type === 'Map') complaints.push(...mapComplaints(state))
  for (const nested of nestedMachines(state)) complaints.push(...complaintsOf(nested))
  return complaints
}

function taskComplaints(state: State): string[] {
  const resource = String(state['Resource'])
  const complaints = ['HeartbeatSeconds', 'HeartbeatSecondsPath']
    .filter((member) => state[member] !== undefined)
    .map((member) => `${member} is not hosted`)
  if (!lambdaInvoke.test(resource) && !lambdaArn.test(resource))
    complaints.push(`the integration ${resource} is not hosted`)
  return complaints
}

/** What the parts of a Distributed Map may say; anything else would be left out in silence. */
const ItemReader = z.strictObject({
  Resource: z.string(),
  Parameters: z.unknown().optional(),
  ReaderConfig: z
    .strictObject({
      InputType: z.string().default('JSON'),
      MaxItems: z.number().optional(),
      MaxItemsPath: z.string().optional(),
      CSVHeaderLocation: z.string().optional(),
      CSVHeaders: z.array(z.string()).optional(),
      CSVDelimiter: z.string().optional(),
    })
    .optional(),
})
const mapParts = {
  ItemReader,
  ItemBatcher: z.strictObject({
    BatchInput: z.unknown().optional(),
    MaxItemsPerBatch: z.number().optional(),
    MaxItemsPerBatchPath: z.string().optional(),
    MaxInputBytesPerBatch: z.number().optional(),
    MaxInputBytesPerBatchPath: z.string().optional(),
  }),
  ResultWriter: z.strictObject({ Resource: z.string(), Parameters: z.unknown().optional() }),
}

function mapComplaints(state: State): string[] {
  const complaints: string[] = []
  for (const [member, schema] of Object.entries(mapParts)) {
    if (state[member] === undefined) continue
    const parsed = schema.safeParse(state[member])
    if (!parsed.success) complaints.push(`${member} is not hosted: ${z.prettifyError(parsed.error)}`)
    if (!isDistributed(state)) complaints.push(`${member} needs ProcessorConfig.Mode DISTRIBUTED`)
  }
  const reader = ItemReader.safeParse(state['ItemReader'])
  if (reader.success) complaints.push(...readerComplaints(reader.data))
  return complaints
}

function readerComplaints({ Resource, ReaderConfig }: z.infer<typeof ItemReader>): string[] {
  const service = Resource.split(':::')[1] ?? ''
  if (!(service in readers)) return [`ItemReader ${Resource} is not hosted`]
  const type = ReaderConfig?.InputType ?? 'JSON'
  return readers[service]?.includes(type) === false ? [`InputType ${type} is not hosted`] : []
}

/** The machines inside a state: a Map's processor, a Parallel's branches. */
export function nestedMachines(state: State): Machine[] {
  const nested = state.Type === 'Map' ? [state['ItemProcessor'] ?? state['Iterator']] : state['Branches']
  return state.Type === 'Map' || state.Type === 'Parallel' ? z.array(Machine).parse(nested) : []
}

export function isDistributed(state: State): boolean {
  const processor = z
    .looseObject({ ProcessorConfig: z.looseObject({ Mode: z.string().optional() }).optional() })
    .safeParse(state['ItemProcessor'])
  return processor.success && processor.data.ProcessorConfig?.Mode === 'DISTRIBUTED'
}

/**
 * The library overwrites `$$.Execution.Input` and `.StartTime` with those of what it was last told to run, which
 * here is a single state. Paths into the execution therefore read our own member `Run`.
 */
function ownContextPaths(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((inner) => (typeof inner === 'string' ? inner : ownContextPaths(inner)))
  if (typeof value === 'string') return value.replaceAll(/\$\$\.Execution\b/g, '$$$$.Run')
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => {
      const isPath = member.endsWith('.$') || member.endsWith('Path') || member === 'Variable'
      return [member, typeof inner === 'string' && !isPath ? inner : ownContextPaths(inner)]
    }),
  )
}
