import type { Fault, Faults } from '../service.ts'

/** Faults are taken in the order they were added, each as often as it says. */
export function createFaults(): Faults {
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
          input.includes(one.containing ?? ''),
      )
      if (fault === undefined) return undefined
      fault.left -= 1
      if (fault.left === 0) pending = pending.filter((one) => one !== fault)
      return fault.effect
    },
  }
}
