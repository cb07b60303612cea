import { AppError } from '../../shared/errors.ts'
import type { factRoutes } from '../../shared/backups/facts/routes.ts'
import type { Handlers } from '../../shared/http/route.ts'
import type { Deps } from './deps.ts'

/** What devices say of themselves, and where the inventory says something else. Loaded when it is asked for. */
export const factHandlers = ({ engine }: Deps): Handlers<typeof factRoutes> => ({
  listConflicts: async ({ query, request }) =>
    (await import('../../shared/backups/facts/show-conflicts.ts')).listConflicts(engine, query, request),
  factReport: async ({ query, request }) =>
    (await import('../../shared/backups/facts/show-conflicts.ts')).reportFacts(engine, query, request),
  acceptConflict: async ({ params, body, caller }) => {
    const { accept, openConflict } = await import('../../shared/backups/facts/decide.ts')
    const open = await openConflict(engine, { ...params, observed: body.observed })
    const inventory = await accept(engine, open, { actor: caller, reason: body.reason })
    const { id, name } = open.conflict.device
    return {
      device: { id, name: params.field === 'name' ? inventory : name },
      field: params.field,
      inventory,
    }
  },
  keepInventory: async ({ params, body, caller }) => {
    const { keep, openConflict } = await import('../../shared/backups/facts/decide.ts')
    const { showConflicts } = await import('../../shared/backups/facts/show-conflicts.ts')
    const open = await openConflict(engine, { ...params, observed: body.observed })
    await keep(engine, open.conflict, { actor: caller, reason: body.reason })
    const { conflict } = await openConflict(engine, params)
    const [shown] = await showConflicts(engine, [conflict])
    if (shown === undefined) throw new AppError('internal', 'the conflict is not shown')
    return shown
  },
  acceptConflicts: async ({ query, body, caller }) => {
    const { decideAll } = await import('../../shared/backups/facts/decide.ts')
    return decideAll(engine, query, 'accept', { actor: caller, reason: body.reason })
  },
  keepInventories: async ({ query, body, caller }) => {
    const { decideAll } = await import('../../shared/backups/facts/decide.ts')
    return decideAll(engine, query, 'keep', { actor: caller, reason: body.reason })
  },
})
