import { type LocalService, ServiceError } from '../service.ts'
import type { JsonDoor } from './door.ts'

/** A service that runs in this process. */
export function createHostedDoor(service: LocalService): JsonDoor {
  const actionOf = (name: string): NonNullable<LocalService['actions'][string]> => {
    const action = service.actions[name]
    if (action !== undefined) return action
    throw new ServiceError(
      'UnknownOperationException',
      `${service.name}:${name} is not offered by the local runtime`,
    )
  }
  return {
    needs(name, input) {
      const action = actionOf(name)
      const context = action.conditions?.(input) ?? {}
      const own = action
        .resources(input)
        .map((resource) => ({ action: `${service.name}:${name}`, resource, context }))
      return [...own, ...(action.alsoNeeds?.(input) ?? [])]
    },
    async run({ action, input, context }) {
      const output = await actionOf(action).run(input, context)
      return { status: 200, body: JSON.stringify(output ?? {}) }
    },
  }
}

/** Finds the action of a REST-JSON request; the path's parts join the input. */
export function matchRoute(
  service: LocalService,
  method: string,
  path: string,
): { action: string; parameters: Record<string, string> } | undefined {
  for (const route of service.routes ?? []) {
    if (route.method !== method) continue
    const pattern = route.path.split('/')
    const parts = path.split('/')
    if (pattern.length !== parts.length) continue
    const parameters: Record<string, string> = {}
    const fits = pattern.every((part, position) => {
      const value = parts[position] ?? ''
      const name = /^\{(\w+)\}$/.exec(part)?.[1]
      if (name !== undefined) parameters[name] = decodeURIComponent(value)
      return name === undefined ? part === value : value !== ''
    })
    if (fits) return { action: route.action, parameters }
  }
  return undefined
}
