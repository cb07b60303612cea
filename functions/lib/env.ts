import { environmentNames, type EnvironmentKey } from '../../shared/environment.ts'

/** The only place that reads the environment. @throws Error naming a variable that is not set: a fault in `infra/`. */
export function env(key: EnvironmentKey): string {
  const value = optionalEnv(key)
  if (value === undefined) throw new Error(`${environmentNames[key]} is not set`)
  return value
}

/** For what a function may go without. */
export function optionalEnv(key: EnvironmentKey): string | undefined {
  const value = process.env[environmentNames[key]]
  return value === '' ? undefined : value
}
