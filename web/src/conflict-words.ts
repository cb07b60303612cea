import type { Conflict } from './types.ts'

export const fieldWords: Record<Conflict['field'], string> = {
  name: 'Name',
  serial: 'Serial number',
  device_type: 'Device type',
  platform: 'Platform',
  build: 'OS version',
}
export const stateWords: Record<Conflict['state'], string> = { new: 'New', ignored: 'Ignored' }

/** What can be decided on those of a state, and what is said then. */
export const acts = { accept: 'Accept', keep: 'Keep' } as const
export type Act = keyof typeof acts

export const actsOf = (state: Conflict['state']): readonly Act[] =>
  state === 'new' ? ['accept', 'keep'] : ['accept']

/** A reason, as the API takes it. */
export const reasonMax = 200
