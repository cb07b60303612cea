import type { Run } from '../../support/backups.ts'
import type { Score } from '../contest.ts'
import type { Used } from './meter.ts'
import type { Mark } from './runtime-process.ts'

export type FleetRun = {
  what: string
  run: Run
  seconds: number
  mark: Mark
  /** Of the simulated devices. */
  labCpuS: number
  /** Devices that broke their first connection. */
  tripped: number
  /** Of failed devices. */
  categories: Record<string, number>
  /** Devices that had a good result only in the second pass. */
  gained: number
}
export type PeerRow = { tool: string; sessions: number; devices: number; score: Score | undefined }

export type FleetFigures = {
  devices: number
  responseMs: number
  runs: readonly FleetRun[]
  /** 25 devices by themselves. */
  alone: FleetRun
  peers: readonly PeerRow[]
}

/** The API is asked by whoever looks on, as often as they like. */
export const isOfRun = ([name]: readonly [string, Used]): boolean =>
  name !== 'backups' && name !== 'the runtime'

/** What a run used, in all. */
export function sumOf({ mark }: FleetRun, count: (used: Used) => number): number {
  return Object.entries(mark.used)
    .filter(isOfRun)
    .reduce((sum, [, used]) => sum + count(used), 0)
}

export const putsOf = ({ puts }: Used): number => Object.values(puts).reduce((sum, one) => sum + one, 0)
