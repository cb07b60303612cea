import { createCatalogs, type Catalogs, type SnapshotSource } from '../catalog/catalog.ts'
import { idSource, type IdSource } from '../ids.ts'
import type { Table, Write } from '../table/table.ts'
import type { Actor } from './change.ts'
import type { Row } from './define.ts'
import type { Registry } from './registry.ts'
import type { WriteContext } from './writes.ts'

/** Encrypts a secret before it is stored. */
type Seal = (plaintext: string) => Promise<string>

export type EngineParts = {
  table: Table
  registry: Registry
  seal: Seal
  now: () => Date
  ids?: IdSource
  /** A number from 0 to below 1. */
  random?: () => number
  snapshot?: SnapshotSource
}

/** What every operation on models works with. One per container. */
export type Engine = Required<Omit<EngineParts, 'snapshot'>> & { catalogs: Catalogs }

export function createEngine(parts: EngineParts): Engine {
  const { table, now, snapshot } = parts
  return {
    ...parts,
    ids: parts.ids ?? idSource(now),
    random: parts.random ?? Math.random,
    catalogs: createCatalogs({ table, now, ...(snapshot === undefined ? {} : { snapshot }) }),
  }
}

export type WriteOptions = {
  actor: Actor
  /** Why, for the change record. */
  message?: string
  /** The system may set fields that callers may not. */
  bySystem?: boolean
  /** Errors are told per row. */
  bulk?: boolean
  /** What is written in the same transaction as the rows (as they are stored), which must all fit it. */
  together?: (rows: readonly Row[]) => readonly Write[]
}

/** A multiple of every presence count, so that each item is as likely. */
const presenceDraw = 1 << 20

export const drawPresence = ({ random }: Pick<Engine, 'random'>): number =>
  Math.floor(random() * presenceDraw)

export const writeContext = (engine: Engine, options: WriteOptions): WriteContext => ({
  registry: engine.registry,
  actor: options.actor,
  at: engine.now().toISOString(),
  message: options.message ?? '',
  presenceShard: drawPresence(engine),
  nextChangeId: () => engine.ids.next(),
})
