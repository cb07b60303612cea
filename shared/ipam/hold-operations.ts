import { AppError } from '../errors.ts'
import { permissionOf, type Model } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import type { Caller } from '../users/caller.ts'
import { bundleModels, createBundle, type Bundle } from './bundle.ts'
import { showAll, ticketFor, writeOptions, type Asked } from './give.ts'
import { confirmHold, readHold, releaseHold } from './holds.ts'

/** @throws AppError `forbidden`. */
function allowAdding(caller: Caller, model: Model): void {
  const permission = permissionOf(model, 'add')
  if (!caller.can(permission)) throw new AppError('forbidden', `This needs the permission ${permission}.`)
}

export async function confirm(engine: Engine, id: number, asked: Asked) {
  const { model, row } = await confirmHold(engine, id, asked.body as Record<string, unknown>, {
    options: writeOptions(asked, false),
    ticket: ticketFor(asked),
    allow: (needed) => allowAdding(asked.caller, needed),
  })
  allowAdding(asked.caller, model)
  const [shown] = await showAll(engine, asked, model, [row])
  return shown ?? { id: row.id }
}

export async function release(engine: Engine, id: number, caller: Caller): Promise<undefined> {
  const found = await readHold(engine, id)
  allowAdding(caller, engine.registry.get(found.model))
  await releaseHold(engine, found)
  return undefined
}

export async function bundle(engine: Engine, given: Bundle, asked: Asked) {
  const models = bundleModels(engine, given)
  allowAdding(asked.caller, models.nic)
  if (typeof (given.device ?? given.virtual_machine) === 'object') allowAdding(asked.caller, models.owner)
  const made = await createBundle(engine, given, {
    options: writeOptions(asked, false),
    ticket: ticketFor(asked),
  })
  const one = async (model: Model, row: (typeof made)['nic']) => {
    const [shown] = await showAll(engine, asked, model, [row])
    return shown ?? { id: row.id }
  }
  return {
    device: made.owner === undefined ? null : await one(models.owner, made.owner),
    interface: await one(models.nic, made.nic),
    address: await one(models.address, made.address),
  }
}
