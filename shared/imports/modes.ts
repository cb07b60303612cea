/** `atomic`: all rows or none. `skip_bad`: the good rows. `only_new`: all or none, existing objects stay as they are. */
export const importModes = ['atomic', 'skip_bad', 'only_new'] as const
export type ImportMode = (typeof importModes)[number]
