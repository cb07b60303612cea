/** What an observation holds of a device. `driver` is no fact that was read: it is how the others could be. */
export const observedNames = ['hostname', 'model', 'serial', 'os_version', 'driver'] as const
export type ObservedName = (typeof observedNames)[number]

/** The fields of a device that are held against what it says, and what is held against each. */
export const comparedFields = {
  name: 'hostname',
  serial: 'serial',
  device_type: 'model',
  platform: 'driver',
  build: 'os_version',
} as const satisfies Record<string, ObservedName>
export type ComparedField = keyof typeof comparedFields
export const comparedNames = Object.keys(comparedFields) as [ComparedField, ...ComparedField[]]

/** `missing`: the inventory has nothing there. */
export const conflictKinds = ['differs', 'missing'] as const
export type ConflictKind = (typeof conflictKinds)[number]
/** `ignored`: somebody said that the inventory is right. */
export const conflictStates = ['new', 'ignored'] as const
export type ConflictState = (typeof conflictStates)[number]

/** Fields that may be empty, and be filled without being asked where a deployment wants it. */
export const fillableFields = ['serial', 'platform'] as const satisfies readonly ComparedField[]
export type FillableField = (typeof fillableFields)[number]
