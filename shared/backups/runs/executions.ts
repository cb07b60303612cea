/** The execution of a run that was asked for, or resumed: each pause ends one. */
export const executionName = ({ id, pauses }: { id: number; pauses: number }): string =>
  pauses === 0 ? `run-${id}` : `run-${id}-after-pause-${pauses}`
