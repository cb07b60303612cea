import type { Fault, Faults } from '../service.ts'

/** Faults are taken in the order they were added, each as often as it says. @param random from 0 to below 1. */
export function createFaults(random: () => number = Math.random): Faults {
  let pending: (Fault & { left: number })[] = []
  const matches = (pattern: string, name: string): boolean => pattern === '*' || pattern === name
  return {
    add: (fault) => pending.push({ ...fault, left: fault.times ?? 1 }),
    clear: () => {
      pending = []
    },
    take(service, action, input = '') {
      if (pending.length === 0) return undefined
      const fault = pending.find(
        (one) =>
          matches(one.service, service) &&
          matches(one.action, action) &&
          input.includes(one.containing ?? '') &&
          random() < (one.share ?? 1),
      )
      if (fault === undefined) return undefined
      fault.left -= 1
      if (fault.left === 0) pending = pending.filter((one) => one !== fault)
      return fault.effect
    },
  }
}
