import type * as z from 'zod'
import { readInventory } from '../backups/runs/inventory.ts'
import { targetTest, type PlannedDevice } from '../backups/runs/plan.ts'
import { BackupState } from '../backups/records.ts'
import { AppError } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import { nearest } from '../model/nearest.ts'
import { keys } from '../table/keys.ts'
import type { OxidizedNode } from './routes.ts'

type Node = z.input<typeof OxidizedNode>
/** Nodes of one group or model, or all. */
export type NodeFilter = { group?: string; model?: string }

/** Devices that are backed up, by name: all, or those that are wanted. */
export async function readNodes(
  engine: Engine,
  isWanted?: Parameters<typeof readInventory>[1],
): Promise<PlannedDevice[]> {
  const { devices } = await readInventory(engine, isWanted)
  return devices.filter(targetTest({})).sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id)
}

/**
 * The nodes with how they stand. Costs one read per node.
 * @throws AppError `not_found` for a group or model that no node has.
 */
export async function listNodes(engine: Engine, filter: NodeFilter = {}): Promise<Node[]> {
  const nodes = await readNodes(engine)
  const { group, model } = filter
  const wanted = nodes.filter(
    ({ site, deviceType }) =>
      (group === undefined || site.slug === group) && (model === undefined || deviceType === model),
  )
  if (wanted.length === 0 && (group ?? model) !== undefined)
    throw new AppError(
      'not_found',
      group === undefined ? `No node is a ${model}.` : `No node is of ${group}.`,
    )
  const states = await engine.table.getMany(
    BackupState,
    wanted.map(({ id }) => keys.backupState(id)),
  )
  return wanted.map((device, index) => nodeOf(device, states[index]))
}

/** One node with how it stands. @throws AppError as `findNode`. */
export async function showNode(engine: Engine, path: string): Promise<Node> {
  const device = await findNode(engine, path)
  return nodeOf(device, await engine.table.get(BackupState, keys.backupState(device.id)))
}

/**
 * The device that `<node>` or `<group>/<node>` means: by its name, or else by its address.
 * @throws AppError `not_found`; `validation_failed` where several devices have the name.
 */
export async function findNode(engine: Engine, path: string): Promise<PlannedDevice> {
  const plain = path.replace(/\/+$/, '').replace(/\.json$/i, '')
  const cut = plain.lastIndexOf('/')
  const [group, name] = cut < 0 ? [undefined, plain] : [plain.slice(0, cut), plain.slice(cut + 1)]
  const isOfGroup = ({ site }: PlannedDevice): boolean =>
    group === undefined || group === '' || site.slug === group
  const named = (await readNodes(engine, (row) => row.name === name)).filter(isOfGroup)
  // The addresses of all devices are read only where no name is meant.
  const others = named.length > 0 ? [] : await readNodes(engine)
  const found = named.length > 0 ? named : others.filter((node) => isOfGroup(node) && node.address === name)
  const [first, second] = found
  if (first === undefined) throw noNode(plain, others)
  if (second === undefined) return first
  const message = `Several nodes are called ${name}: say ${found.map(fullName).slice(0, 5).join(' or ')}.`
  throw new AppError('validation_failed', message, { issues: [{ path: 'node', message }] })
}

function noNode(asked: string, nodes: readonly PlannedDevice[]): AppError {
  const near = nearest(
    asked,
    nodes.flatMap((node) => [node.name, fullName(node)]),
  )
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`
  return new AppError('not_found', `There is no node ${asked}.${hint}`)
}

export const fullName = ({ site, name }: PlannedDevice): string => `${site.slug}/${name}`

/** oxidized-web calls everything that never came to a login prompt by one word. */
const unconnected: ReadonlySet<string> = new Set(['unreachable', 'refused', 'timeout'])

function statusOf(state: BackupState | undefined): Node['status'] {
  const { lastSuccessAt = '', lastFailureAt = '', lastFailure = '' } = state ?? {}
  if (lastFailureAt > lastSuccessAt) return unconnected.has(lastFailure) ? 'no_connection' : 'fail'
  return lastSuccessAt === '' ? 'never' : 'success'
}

function nodeOf(device: PlannedDevice, state: BackupState | undefined): Node {
  const { lastSuccessAt, lastFailureAt } = state ?? {}
  const at = [lastSuccessAt, lastFailureAt]
    .filter((one) => one !== undefined)
    .sort()
    .at(-1)
  const status = statusOf(state)
  const time = at === undefined ? '' : wordsOf(at)
  return {
    name: device.name,
    full_name: fullName(device),
    ip: device.address,
    group: device.site.slug,
    model: device.deviceType,
    // How long it took stands in the results of the run.
    last: at === undefined ? null : { start: time, end: time, status, time: null },
    vars: {},
    mtime: lastSuccessAt === undefined ? 'unknown' : wordsOf(lastSuccessAt),
    status,
    time,
  }
}

/** `2026-11-26 08:00:00 UTC`, as oxidized-web writes times. */
export const wordsOf = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`
