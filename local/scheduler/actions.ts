import * as z from 'zod'
import { type Host, type Need, type ServiceAction, ServiceError, type ServiceRoute } from '../service.ts'
import { namePattern, type Schedule, ScheduleBody, timingOf } from './schedule.ts'
import type { ScheduleStore } from './store.ts'

export const scheduleRoutes: readonly ServiceRoute[] = [
  { method: 'POST', path: '/schedules/{Name}', action: 'CreateSchedule' },
  { method: 'PUT', path: '/schedules/{Name}', action: 'UpdateSchedule' },
  { method: 'GET', path: '/schedules/{Name}', action: 'GetSchedule' },
  { method: 'DELETE', path: '/schedules/{Name}', action: 'DeleteSchedule' },
  { method: 'GET', path: '/schedules', action: 'ListSchedules' },
  { method: 'GET', path: '/schedule-groups/{Name}', action: 'GetScheduleGroup' },
  { method: 'GET', path: '/schedule-groups', action: 'ListScheduleGroups' },
]

type Parts = {
  host: Host
  store: ScheduleStore
  arm: (schedule: Schedule) => void
  disarm: (schedule: Schedule) => void
}
type Input = Record<string, unknown>

/** The body names the group `GroupName`, the query string `groupName`. */
const Place = z
  .object({
    Name: z.string().regex(namePattern),
    GroupName: z.string().optional(),
    groupName: z.string().optional(),
  })
  .transform(({ Name, GroupName, groupName }) => ({ Name, GroupName: GroupName ?? groupName ?? 'default' }))

const ListInput = z.object({
  ScheduleGroup: z.string().optional(),
  NamePrefix: z.string().default(''),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NextToken: z.string().regex(/^\d+$/).default('0'),
})

export function scheduleActions(parts: Parts): Record<string, ServiceAction> {
  const { host, store } = parts
  const arnOf = ({ Name, GroupName }: z.infer<typeof Place>): string =>
    `arn:aws:scheduler:${host.region}:${host.account}:schedule/${GroupName}/${Name}`
  const resources = (input: Input): string[] => {
    const place = Place.safeParse(input)
    return [place.success ? arnOf(place.data) : '*']
  }
  const find = (input: Input): Schedule => {
    const place = parse(Place, input)
    const schedule = store.get(place.GroupName, place.Name)
    if (schedule === undefined) {
      throw new ServiceError('ResourceNotFoundException', `Schedule ${place.Name} does not exist.`, 404)
    }
    return schedule
  }
  const write = (input: Input, kept: Schedule | undefined): { ScheduleArn: string } => {
    const now = host.now().toISOString()
    const place = parse(Place, input)
    const schedule: Schedule = {
      ...parse(ScheduleBody, input),
      ...place,
      Arn: arnOf(place),
      CreationDate: kept?.CreationDate ?? now,
      LastModificationDate: now,
      fromTemplate: kept?.fromTemplate ?? false,
    }
    refuseInvalid(schedule, host)
    store.put(schedule)
    parts.arm(schedule)
    return { ScheduleArn: schedule.Arn }
  }
  return {
    CreateSchedule: {
      resources,
      alsoNeeds: passRole,
      async run(input) {
        const place = parse(Place, input)
        refuseUnknownGroup(place.GroupName, host)
        if (store.get(place.GroupName, place.Name) !== undefined) {
          throw new ServiceError('ConflictException', `Schedule ${place.Name} already exists.`, 409)
        }
        return write(input, undefined)
      },
    },
    UpdateSchedule: { resources, alsoNeeds: passRole, run: async (input) => write(input, find(input)) },
    GetSchedule: { resources, run: async (input) => describe(find(input)) },
    DeleteSchedule: {
      resources,
      async run(input) {
        const schedule = find(input)
        store.remove(schedule)
        parts.disarm(schedule)
        return {}
      },
    },
    ListSchedules: { resources: () => ['*'], run: async (input) => list(store, parse(ListInput, input)) },
    ...groupActions(host),
  }
}

/** Who makes a schedule hands its role to the Scheduler. */
function passRole(input: Input): Need[] {
  const target = z.object({ Target: z.object({ RoleArn: z.string() }) }).safeParse(input)
  if (!target.success) return []
  return [
    {
      action: 'iam:PassRole',
      resource: target.data.Target.RoleArn,
      context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
  ]
}

function refuseInvalid(schedule: Schedule, host: Host): void {
  try {
    void timingOf(schedule)
  } catch (error) {
    throw new ServiceError('ValidationException', error instanceof Error ? error.message : String(error))
  }
  const role = host.resources.roles.find(({ arn }) => arn === schedule.Target.RoleArn)
  if (role === undefined || !JSON.stringify(role.trust).includes('"scheduler.amazonaws.com"')) {
    throw new ServiceError(
      'ValidationException',
      'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    )
  }
}

function groupActions(host: Host): Record<string, ServiceAction> {
  const arnOf = (name: string): string =>
    `arn:aws:scheduler:${host.region}:${host.account}:schedule-group/${name}`
  const describeGroup = (Name: string): Input => ({ Name, Arn: arnOf(Name), State: 'ACTIVE' })
  return {
    GetScheduleGroup: {
      resources: (input) => [arnOf(String(input['Name']))],
      async run(input) {
        refuseUnknownGroup(String(input['Name']), host)
        return describeGroup(String(input['Name']))
      },
    },
    ListScheduleGroups: {
      resources: () => ['*'],
      run: async () => ({ ScheduleGroups: groupNames(host).map(describeGroup) }),
    },
  }
}

const groupNames = (host: Host): string[] => [
  'default',
  ...host.resources.scheduleGroups.map(({ name }) => name),
]

function refuseUnknownGroup(name: string, host: Host): void {
  if (groupNames(host).includes(name)) return
  throw new ServiceError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404)
}

function parse<Schema extends z.ZodType>(schema: Schema, input: Input): z.infer<Schema> {
  const parsed = schema.safeParse(input)
  if (!parsed.success) throw new ServiceError('ValidationException', z.prettifyError(parsed.error))
  return parsed.data
}

/** The API's body writes times as seconds since 1970. */
const seconds = (at: string): number => new Date(at).getTime() / 1000

function describe(schedule: Schedule): Input {
  const { fromTemplate: _template, firedFor: _fired, StartDate, EndDate, ...rest } = schedule
  return {
    ...rest,
    CreationDate: seconds(schedule.CreationDate),
    LastModificationDate: seconds(schedule.LastModificationDate),
    ...(StartDate !== undefined && { StartDate: seconds(StartDate) }),
    ...(EndDate !== undefined && { EndDate: seconds(EndDate) }),
  }
}

function list(store: ScheduleStore, wanted: z.infer<typeof ListInput>): Input {
  const rows = store
    .all()
    .filter(({ GroupName }) => wanted.ScheduleGroup === undefined || GroupName === wanted.ScheduleGroup)
    .filter(({ Name, State }) => Name.startsWith(wanted.NamePrefix) && (wanted.State ?? State) === State)
    .sort((a, b) => a.Name.localeCompare(b.Name))
  const from = Number(wanted.NextToken)
  const to = from + wanted.MaxResults
  return {
    Schedules: rows.slice(from, to).map(({ Arn, Name, GroupName, State, Target, ...dates }) => ({
      Arn,
      Name,
      GroupName,
      State,
      Target: { Arn: Target.Arn },
      CreationDate: seconds(dates.CreationDate),
      LastModificationDate: seconds(dates.LastModificationDate),
    })),
    ...(to < rows.length && { NextToken: String(to) }),
  }
}
