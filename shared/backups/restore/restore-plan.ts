import type * as z from 'zod'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import type { Platform } from '../../platforms/definition.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import type { LineDialect, RestoreWay } from '../../platforms/restore/guide.ts'
import { restoreGuides } from '../../platforms/restore/guides.ts'
import { readTree } from '../config-tree.ts'
import { readDevice, readText } from '../device-records.ts'
import type { ConfigVersion } from '../records.ts'
import type { RestorePlan } from './routes.ts'
import { commandsOf } from './commands.ts'
import { countLines, planLines } from './line-plan.ts'

type Plan = z.input<typeof RestorePlan>
type Stores = { engine: Engine; archive: ObjectStore }
type Loaded = { text: string; stored: ConfigVersion }
type Asked = { deviceId: number; to: number | 'latest'; from: number | 'latest' }

/** An answer holds 6 MB; longer proposals are of no use to a person either. */
const linesMax = 20_000

/**
 * The way back to a stored version, for a person to walk it. Made from the shown texts: secrets are tags in it.
 * @throws AppError `not_found`, `too_large`
 */
export async function restorePlan(stores: Stores, asked: Asked): Promise<Plan> {
  const device = await readDevice(stores.engine, asked.deviceId)
  const load = async (version: number | 'latest'): Promise<Loaded> => {
    const { table } = stores.engine
    const { text, stored } = await readText({ table, archive: stores.archive }, device.id, version)
    return { text: new TextDecoder().decode(text), stored }
  }
  return planOf(device, await load(asked.from), await load(asked.to))
}

export function planOf(device: Plan['device'], from: Loaded, to: Loaded): Plan {
  const { deviceType } = to.stored
  const platform = findPlatform(deviceType)
  const guide = platform === undefined ? undefined : restoreGuides[platform.id]
  const proposal = proposalOf(platform, guide?.lines, from, to)
  return {
    device,
    platform: { device_type: deviceType, name: platform?.name ?? deviceType },
    from: sideOf(from.stored),
    to: sideOf(to.stored),
    identical: from.stored.sha256 === to.stored.sha256,
    is_known: guide !== undefined,
    ways: (guide?.ways ?? []).map(wayOf),
    check: [...(guide?.check ?? [])],
    proposal,
    secrets: { text: to.stored.secrets, proposal: proposal.lines.filter(hasSecret).length },
    notes: notesOf(from, to, proposal),
    unsure: guide === undefined ? unknown : [...(guide.unsure ?? [])],
    sources: [...(guide?.sources ?? [])],
  }
}

const sideOf = ({ sequence, collectedAt, sha256, lines }: ConfigVersion): Plan['from'] => ({
  version: sequence,
  collected: collectedAt,
  sha256,
  lines,
})

const unknown = [
  'No manual of this family was read for it: whether it can replace its configuration by a file, whether it must reboot for it and how it is undone is for its manual to say.',
  'What differs between both versions stands in the diff.',
]

function wayOf({ name, result, reboot, steps, undo, dangers }: RestoreWay): Plan['ways'][number] {
  const said = (text: string) =>
    text.startsWith('> ') ? { text: text.slice(2), typed: true } : { text, typed: false }
  return { name, result, reboot, steps: steps.map(said), undo: undo.map(said), dangers: [...dangers] }
}

function proposalOf(
  platform: Platform | undefined,
  dialect: LineDialect | undefined,
  from: Loaded,
  to: Loaded,
): Plan['proposal'] {
  const none = (reason: string): Plan['proposal'] => ({
    reason,
    lines: [],
    added: 0,
    removed: 0,
    careful: [],
  })
  if (from.stored.sha256 === to.stored.sha256) return none('both versions are the same')
  if (platform === undefined || dialect === undefined)
    return none('how single lines are taken back on this platform is not known by a rule')
  if (findPlatform(from.stored.deviceType) !== platform)
    return none(
      `the versions were read as different platforms: ${from.stored.deviceType} and ${to.stored.deviceType}`,
    )
  if (dialect.unless !== undefined && [from, to].some(({ text }) => dialect.unless?.test(text)))
    return none('the text is of a syntax whose lines are taken back in another way')
  const style = platform.blocks ?? 'indent'
  const plan = planLines(readTree(style, from.text), readTree(style, to.text), dialect)
  const own = commandsOf(plan, dialect)
  if (own.length === 0)
    return none('they differ only in comments, in the order of lines, or in what closes sections')
  if (own.length > linesMax) return none(`it would be ${own.length} lines: replace the whole configuration`)
  const lines = [...dialect.enter, ...own, ...dialect.leave]
  return { reason: null, lines, ...countLines(plan), careful: own.filter(mayCutOff) }
}

const hasSecret = (line: string): boolean => line.includes('<secret:')

/** What the session itself may go through, in most families. A word too many does no harm. */
const access =
  /\b(?:management|mgmt|vty|ssh|telnet|aaa|tacacs|radius|login|username|user-interface|local-user|access-class|access-group|access-list|acl|filter|ip(?:v[46])? address|default-gateway|route|route-static|gateway|shutdown|vrf|trunk|crypto key)\b/

const mayCutOff = (line: string): boolean => access.test(line)

function notesOf(from: Loaded, to: Loaded, { careful, lines }: Plan['proposal']): string[] {
  const notes = [
    `netkeep sends nothing to the device. What it has now is taken to be version ${from.stored.sequence}, of ${from.stored.collectedAt}: back it up once more before you begin.`,
  ]
  if (to.stored.secrets > 0)
    notes.push(
      `The text of version ${to.stored.sequence} holds ${to.stored.secrets} secrets, shown as tags such as <secret:7f3a9c>. A file with tags must not be loaded: the raw text, which is kept sealed, has to be revealed (POST /api/backups/reveal/devices/${to.stored.deviceId}/versions/${to.stored.sequence}/, permission backups.reveal_config), or the secrets typed in.`,
    )
  const ownSecrets = lines.filter(hasSecret).length
  if (ownSecrets > 0)
    notes.push(
      `${ownSecrets} lines of the proposal hold such tags: put the secrets in their place before they are typed.`,
    )
  if (careful.length > 0)
    notes.push(
      `${careful.length} lines of the proposal may end the session they are typed in: work on the console or out of band, or with the timer that takes all back.`,
    )
  return notes
}
