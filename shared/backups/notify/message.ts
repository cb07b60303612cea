/** What subscribers are told. */
export type Message = RunMessage | TestMessage

/** Somebody wants to see whether it arrives. */
type TestMessage = { event: 'test'; subscription: string; requested_by: string; at: string }

/** What a subscriber is told of one run: the JSON of a webhook, and what a mail is written from. */
export type RunMessage = {
  event: 'backup_run'
  subscription: string
  run: { id: number; status: string; requested_by: string; started: string | null; finished: string | null }
  changed: ChangedDevice[]
  failed: FailedDevice[]
  /** Fail rules of compliance since this run, and did not before. */
  noncompliant: NoncompliantDevice[]
  /** Say something else than the inventory since this run. */
  conflicts: ConflictingDevice[]
  /** Devices that are left out because the message would be too long. */
  left_out: number
}

export type ChangedDevice = {
  device: { id: number; name: string }
  version: number
  /** False where it differs from the version before in lines only that mean nothing. */
  significant: boolean
  /** Null for a first backup, and where diffs are not asked for. */
  added: number | null
  removed: number | null
  /** Unified diff of the texts as they are shown: secrets are tags in them. */
  diff: string | null
  is_cut: boolean
}

export type FailedDevice = {
  device: { id: number; name: string }
  category: string
  detail: string | null
}

export type NoncompliantDevice = {
  device: { id: number; name: string }
  rules: {
    rule: { id: number; name: string; severity: string }
    /** The line that should not be there, or (`missing`) the first one that is not; secrets are tags in it. */
    number: number | null
    text: string
    missing: boolean
  }[]
}

export type ConflictingDevice = {
  device: { id: number; name: string }
  /** `missing` where the inventory has nothing. */
  fields: { field: string; kind: 'differs' | 'missing'; inventory: string; observed: string }[]
}

const subjectNames = 3

/** Subject and text of a mail. */
export function mailOf(message: Message): { subject: string; text: string } {
  return message.event === 'test' ? testMail(message) : runMail(message)
}

function testMail({ subscription, requested_by, at }: TestMessage): { subject: string; text: string } {
  const lines = [
    `This is a test, asked for by ${requested_by} at ${at}. No backup was made for it.`,
    '',
    `You get this by the subscription "${subscription}".`,
  ]
  return { subject: `netkeep: test of the subscription ${subscription}`, text: `${lines.join('\n')}\n` }
}

function runMail(message: RunMessage): { subject: string; text: string } {
  const { run, changed, failed, noncompliant, conflicts } = message
  const counts = [
    changed.length > 0 ? `${changed.length} changed` : '',
    failed.length > 0 ? `${failed.length} failed` : '',
    noncompliant.length > 0 ? `${noncompliant.length} not compliant` : '',
    conflicts.length > 0 ? `${conflicts.length} unlike the inventory` : '',
  ].filter((one) => one !== '')
  const names = [
    ...new Set([...changed, ...failed, ...noncompliant, ...conflicts].map(({ device }) => device.name)),
  ]
  const shown = names.slice(0, subjectNames).join(', ')
  const more = names.length > subjectNames ? ', …' : ''
  const lines = [
    `Backup run ${run.id} (${run.status}), asked for by ${run.requested_by}, ended ${run.finished ?? 'just now'}.`,
    '',
    ...(failed.length === 0 ? [] : ['Failed', ...failed.map(failureLine), '']),
    ...(noncompliant.length === 0
      ? []
      : ['Not compliant any more', ...noncompliant.flatMap(complianceLines), '']),
    ...(conflicts.length === 0 ? [] : ['Unlike the inventory now', ...conflicts.flatMap(conflictLines), '']),
    ...(changed.length === 0 ? [] : ['Changed', ...changed.flatMap(changeLines), '']),
    ...(message.left_out === 0 ? [] : [`${message.left_out} more devices are left out of this mail.`, '']),
    `You get this by the subscription "${message.subscription}".`,
  ]
  return { subject: `netkeep: ${counts.join(', ')}: ${shown}${more}`, text: `${lines.join('\n')}\n` }
}

const failureLine = ({ device, category, detail }: FailedDevice): string =>
  `- ${device.name}: ${category}${detail === null ? '' : `: ${detail}`}`

const complianceLines = ({ device, rules }: NoncompliantDevice): string[] =>
  rules.map(({ rule, number, text, missing }) => {
    const place = number === null ? '' : ` (line ${number})`
    return `- ${device.name}: ${rule.name} [${rule.severity}]: ${missing ? 'missing' : 'found'}${place}: ${text}`
  })

const conflictLines = ({ device, fields }: ConflictingDevice): string[] =>
  fields.map(({ field, kind, inventory, observed }) => {
    const known = kind === 'missing' ? 'the inventory has none' : `the inventory has ${inventory}`
    return `- ${device.name}: ${field} is ${observed}, ${known}`
  })

function changeLines({
  device,
  version,
  significant,
  added,
  removed,
  diff,
  is_cut,
}: ChangedDevice): string[] {
  const what = added === null ? '' : ` (+${added} -${removed ?? 0} lines)`
  const weight = significant ? '' : ', not significant'
  const head =
    version === 1 ? `- ${device.name}: first backup` : `- ${device.name}: version ${version}${what}${weight}`
  // In a message without diffs there is none to cut.
  if (diff === null) return [is_cut ? `${head}, too long to be shown` : head]
  if (diff === '') return [head]
  return [
    head,
    '',
    ...diff
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
    ...(is_cut ? ['    [cut]'] : []),
    '',
  ]
}
