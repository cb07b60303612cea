import type { RunMessage } from './message.ts'

/**
 * A message that is short enough for the way it goes. First diffs are left out, the last ones first, then devices, the
 * least urgent first: changes, then conflicts with the inventory, then rules of compliance, then failures. What is left out is counted and said.
 */
export function fitted(message: RunMessage, isShortEnough: (shorter: RunMessage) => boolean): RunMessage {
  if (isShortEnough(message)) return message
  let tooLong = 0
  let enough = diffsOf(message) + devicesOf(message)
  while (enough - tooLong > 1) {
    const between = Math.floor((tooLong + enough) / 2)
    if (isShortEnough(shortened(message, between))) enough = between
    else tooLong = between
  }
  return shortened(message, enough)
}

const diffsOf = ({ changed }: RunMessage): number => changed.filter(({ diff }) => diff !== null).length

const devicesOf = ({ changed, conflicts, noncompliant, failed }: RunMessage): number =>
  changed.length + conflicts.length + noncompliant.length + failed.length

/** @param steps so many diffs, and where there are no more, devices are left out. */
function shortened(message: RunMessage, steps: number): RunMessage {
  const { changed, conflicts, noncompliant, failed, left_out } = message
  const diffs = diffsOf(message)
  let diffsLeft = Math.max(0, diffs - steps)
  const withoutDiffs = changed.map((one) => {
    if (one.diff === null) return one
    diffsLeft -= 1
    return diffsLeft >= 0 ? one : { ...one, diff: null, is_cut: true }
  })
  const gone = Math.max(0, steps - diffs)
  let room = devicesOf(message) - gone
  const first = <T>(list: readonly T[]): T[] => {
    const kept = list.slice(0, room)
    room -= kept.length
    return kept
  }
  // In this order: what comes first keeps its place longest.
  return {
    ...message,
    failed: first(failed),
    noncompliant: first(noncompliant),
    conflicts: first(conflicts),
    changed: first(withoutDiffs),
    left_out: left_out + gone,
  }
}
