import { environmentNames, type EnvironmentKey } from '../../shared/environment.ts'

/** The only place that reads the environment. @throws Error naming a variable that is not set: a fault in `infra/`. */
export function env(key: EnvironmentKey): string {
  const name = environmentNames[key]
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}
