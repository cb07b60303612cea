import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { createTogether, type Step } from '../model/together.ts'
import { search } from './allocate.ts'
import { addressAllocation, sourceOfPrefix, sourceOfRange } from './allocate-addresses.ts'
import { strategies } from './choose-numbers.ts'
import { answerOnce, type Ticket } from './idempotency.ts'
import { readOne } from './read-one.ts'

const Id = z.int().positive()
const Body = z.looseObject({})
const Owner = z.union([Id, Body], { error: 'The id of one that is there, or an object for a new one.' })

/** An address out of a prefix or range, on a new interface of a device or virtual machine, with its DNS name. */
export const Bundle = z
  .strictObject({
    prefix: Id.optional(),
    ip_range: Id.optional(),
    strategy: z.enum(strategies).default('first'),
    device: Owner.optional(),
    virtual_machine: Owner.optional(),
    interface: Body,
    address: Body.default({}),
  })
  .refine((one) => (one.prefix === undefined) !== (one.ip_range === undefined), {
    path: ['prefix'],
    message: 'Either a prefix or an IP range is expected.',
  })
  .refine((one) => (one.device === undefined) !== (one.virtual_machine === undefined), {
    path: ['device'],
    message: 'Either a device or a virtual machine is expected.',
  })
export type Bundle = z.output<typeof Bundle>

export type BundleRows = { owner: Row | undefined; nic: Row; address: Row }
export type BundleModels = { owner: Model; nic: Model; address: Model }

export function bundleModels({ registry }: Engine, bundle: Bundle): BundleModels {
  const isVm = bundle.virtual_machine !== undefined
  return {
    owner: registry.get(isVm ? 'virtualization.virtualmachine' : 'dcim.device'),
    nic: registry.get(isVm ? 'virtualization.vminterface' : 'dcim.interface'),
    address: registry.get('ipam.ipaddress'),
  }
}

/**
 * All of it in one transaction: no address without its interface, no interface without its address.
 * @throws AppError as an allocation; complaints begin with `device`, `interface` or `address`.
 */
export async function createBundle(
  engine: Engine,
  bundle: Bundle,
  { options, ticket }: { options: WriteOptions; ticket: Ticket | undefined },
): Promise<BundleRows> {
  const source =
    bundle.prefix === undefined
      ? sourceOfRange(await readOne(engine, 'ipam.iprange', bundle.ip_range ?? 0))
      : await sourceOfPrefix(engine, await readOne(engine, 'ipam.prefix', bundle.prefix))
  const asked = { bodies: [bundle.address], strategy: bundle.strategy }
  const allocation = addressAllocation(engine, source, asked)
  const rows = await answerOnce(engine, ticket, 1, (_, remember) =>
    search(engine, { ...allocation, field: 'address.address', count: 1 }, async ([number]) => {
      if (number === undefined) throw new AppError('number_taken')
      const steps = stepsOf(engine, bundle, allocation.valuesOf(number))
      return createTogether(engine, steps, {
        ...options,
        together: (made) => [...remember(made), ...(allocation.guard?.(made.slice(-1)) ?? [])],
      })
    }),
  )
  const [nic, address] = rows.slice(-2)
  if (nic === undefined || address === undefined) throw new Error('a bundle without its rows')
  return { owner: rows.length === 3 ? rows[0] : undefined, nic, address }
}

function stepsOf(engine: Engine, bundle: Bundle, values: Record<string, unknown>): Step[] {
  const models = bundleModels(engine, bundle)
  const ownerField = bundle.virtual_machine === undefined ? 'device' : 'virtual_machine'
  const given = bundle[ownerField]
  const ownerId = typeof given === 'number' ? given : engine.ids.next()
  const [nicId, addressId] = [engine.ids.next(), engine.ids.next()]
  const assigned = { assigned_object_type: models.nic.name, assigned_object_id: nicId }
  const owner =
    typeof given === 'object' ? [{ model: models.owner, id: ownerId, input: given, path: ownerField }] : []
  const nicInput = { ...bundle.interface, [ownerField]: ownerId }
  const addressInput = { ...bundle.address, ...values, ...assigned }
  return [
    ...owner,
    { model: models.nic, id: nicId, input: nicInput, path: 'interface' },
    { model: models.address, id: addressId, input: addressInput, path: 'address' },
  ]
}
