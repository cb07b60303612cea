import * as z from 'zod'
import type { Engine, WriteOptions } from '../model/engine.ts'
import type { Issue } from '../errors.ts'
import type { Model, Row, RuleDraft, RuleTools, Written } from '../model/define.ts'
import type { ObjectRef } from '../model/fields.ts'
import { presenceCount } from '../model/registry.ts'
import { storedSchema } from '../model/rows.ts'
import { settle } from '../model/settle.ts'
import { keys } from '../table/keys.ts'

/**
 * A host's address follows from its interfaces: that of the primary interface is the host's own; one of another
 * interface is taken only while the host has none. Who wants another one sets it, and keeps it until the primary
 * interface gets an address.
 */

/** What has interfaces, by the model of the interface. */
const owners = {
  'dcim.interface': { model: 'dcim.device', field: 'device' },
  'virtualization.vminterface': { model: 'virtualization.virtualmachine', field: 'virtual_machine' },
} as const
type PortModel = keyof typeof owners

const isPort = (name: string): name is PortModel => Object.hasOwn(owners, name)
const fieldOf = (text: unknown): 'primary_ip4' | 'primary_ip6' =>
  String(text).includes(':') ? 'primary_ip6' : 'primary_ip4'
const sameObject = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** For the model of addresses: what their coming, moving and going means for the hosts. */
export async function followAddresses(
  engine: Engine,
  written: readonly Written[],
  options: WriteOptions,
): Promise<void> {
  for (const { before, after } of written) {
    const [was, is] = [before?.['assigned_object'], after?.['assigned_object']]
    if (sameObject(was, is)) continue
    const [left, joined] = [await hostOf(engine, was), await hostOf(engine, is)]
    if (left !== undefined && before !== undefined && left.id !== joined?.id) {
      const address = before
      await settle(engine, { model: left.model, id: left.id, options }, (host) => {
        const field = fieldOf(address['address'])
        return host[field] === address.id ? { [field]: null } : {}
      })
    }
    if (joined !== undefined && after !== undefined) await offer(engine, joined, { address: after, options })
  }
}

/** For the models of interfaces: one that becomes the primary one brings its addresses. */
export async function followPorts(
  engine: Engine,
  { name }: { name: PortModel },
  { written, options }: { written: readonly Written[]; options: WriteOptions },
): Promise<void> {
  for (const { before, after } of written) {
    if (before === undefined || after?.['is_primary'] !== true || before['is_primary'] === true) continue
    const host = await hostOf(engine, { type: name, id: after.id })
    if (host === undefined) continue
    for (const address of await addressesOf(engine, host.port))
      await offer(engine, host, { address, options })
  }
}

type Host = { model: Model; id: number; port: { model: PortModel; row: Row } }

async function hostOf(engine: Engine, assigned: unknown): Promise<Host | undefined> {
  const { type, id } = (assigned ?? { type: '', id: 0 }) as ObjectRef
  if (!isPort(type)) return undefined
  const row = await engine.table.get(storedSchema(engine.registry.get(type)), keys.entity(type, id))
  if (row === undefined) return undefined
  const { model, field } = owners[type]
  return { model: engine.registry.get(model), id: Number(row[field]), port: { model: type, row } }
}

/** Gives the host an address of one of its interfaces, where it should have it. */
async function offer(
  engine: Engine,
  { model, id, port }: Host,
  { address, options }: { address: Row; options: WriteOptions },
): Promise<void> {
  const field = fieldOf(address['address'])
  await settle(engine, { model, id, options }, async (host) => {
    const current = host[field]
    if (current === address.id) return {}
    if (typeof current !== 'number') return { [field]: address.id }
    if (port.row['is_primary'] !== true) return {}
    const held = await readAddress(engine, current)
    const isOfPrimary = sameObject(held?.['assigned_object'], { type: port.model, id: port.row.id })
    return isOfPrimary ? {} : { [field]: address.id }
  })
}

/** A primary or out-of-band address is one of the host's own, and of the family that the field is for. */
export const ruleAddresses =
  (port: PortModel, ownerField: string) =>
  async (tools: RuleTools, drafts: readonly RuleDraft[]): Promise<Issue[][]> =>
    Promise.all(
      drafts.map(async ({ before, after, refs }) => {
        const issues = await Promise.all(
          addressFields.map(async (field) => {
            const address = refs[field]
            if (address === undefined || before?.[field] === after[field]) return []
            const message = await addressComplaint(tools, {
              port,
              ownerField,
              host: after.id,
              field,
              address,
            })
            return message === undefined ? [] : [{ path: field, message }]
          }),
        )
        return issues.flat()
      }),
    )

const addressFields = ['primary_ip4', 'primary_ip6', 'oob_ip'] as const

async function addressComplaint(
  { table, registry }: RuleTools,
  asked: { port: PortModel; ownerField: string; host: number; field: string; address: Row },
): Promise<string | undefined> {
  const { port, ownerField, host, field, address } = asked
  if (field !== 'oob_ip' && fieldOf(address['address']) !== field)
    return `${String(address['address'])} is of the other family.`
  const assigned = address['assigned_object'] as ObjectRef | null
  const row =
    assigned?.type === port
      ? await table.get(storedSchema(registry.get(port)), keys.entity(port, assigned.id))
      : undefined
  return row?.[ownerField] === host
    ? undefined
    : `${String(address['address'])} is assigned to none of its interfaces.`
}

const readAddress = async ({ table, registry }: RuleTools, id: number): Promise<Row | undefined> =>
  table.get(storedSchema(registry.get('ipam.ipaddress')), keys.entity('ipam.ipaddress', id))

const Child = z.object({ child: z.string(), childId: z.number() })

async function addressesOf(engine: Engine, { model, row }: Host['port']): Promise<Row[]> {
  const found: Row[] = []
  for (let shard = 0; shard < presenceCount(engine.registry.get(model)); shard++) {
    const partition = keys.references(model, row.id, shard)
    for await (const { childId } of engine.table.query(Child, { partition, prefix: 'ipam.ipaddress#' })) {
      const address = await readAddress(engine, childId)
      if (address !== undefined) found.push(address)
    }
  }
  return found.sort((a, b) => a.id - b.id)
}
