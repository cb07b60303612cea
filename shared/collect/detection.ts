import { platforms } from '../platforms/list.ts'
import { type ConnectorDeps, deviceConnector } from './connector.ts'
import type { DeviceConnector } from './device-connector.ts'
import type { Detection, Failed, Outcome } from './outcome.ts'
import type { CollectRequest } from './request.ts'

export type Detected = { result: ({ ok: true } & Detection) | Failed; state: DeviceConnector['state'] }

/** A wrong device gets no more than so many commands that it does not know. */
const mostCommands = 32
const proof = 0.95
const hint = 0.5
const secondHint = 0.2

/**
 * Finds the platform of a device by what its server calls itself, what it shows at login, and what it answers to the
 * version commands of the platforms, those that fit the hints first. Only commands that show something are sent.
 */
export async function detectPlatform(request: CollectRequest, deps: ConnectorDeps): Promise<Detected> {
  const deviceType = request.deviceType === '' ? 'autodetect' : request.deviceType
  const connector = deviceConnector({ ...request, deviceType }, deps)
  try {
    const connected = await connector.connect()
    const result = connected.ok ? await recognize(connector) : connected
    return { result, state: connector.state }
  } finally {
    await connector.disconnect()
  }
}

async function recognize(connector: DeviceConnector): Promise<Detected['result']> {
  const hints = hintsOf(connector.greeting)
  const tried = commandsFor([...hints.keys()]).slice(0, mostCommands)
  for (const command of tried) {
    const answer = await connector.ask(command)
    if (!answer.ok && answer.category !== 'command_rejected') return answer
    if (!answer.ok) continue
    for (const { id, identify } of platforms) {
      if (identify?.answer?.command !== command) continue
      const line = answer.text.split('\n').find((text) => identify.answer?.line.test(text.trimEnd()))
      if (line === undefined) continue
      const evidence = [`\`${command}\`: ${line.trim().slice(0, 120)}`, ...(hints.get(id) ?? [])]
      return { ok: true, deviceType: id, confidence: hints.has(id) ? 1 : proof, evidence }
    }
  }
  const [best, second] = [...hints].sort(([, one], [, other]) => other.length - one.length)
  // Two platforms that look alike are as good as none.
  if (best && best[1].length !== second?.[1].length) {
    const [id, evidence] = best
    return { ok: true, deviceType: id, confidence: hint + secondHint * (evidence.length - 1), evidence }
  }
  return {
    ok: false,
    category: 'platform_unknown',
    detail: `the device was not recognised by ${tried.length} version commands; give it a platform`,
  }
}

/** Which platforms the server's name and the greeting speak for, and by what. */
function hintsOf({ server, shown }: DeviceConnector['greeting']): Map<string, string[]> {
  const hints = new Map<string, string[]>()
  for (const { id, identify } of platforms) {
    const found: string[] = []
    if (identify?.server?.test(server)) found.push(`server: ${server}`)
    const line =
      identify?.greeting && shown.split('\n').find((text) => identify.greeting?.test(text.trimEnd()))
    if (line) found.push(`greeting: ${line.trim().slice(0, 120)}`)
    if (found.length > 0) hints.set(id, found)
  }
  return hints
}

/** Version commands: those of the platforms hinted at first, then those by which most platforms are told. */
function commandsFor(hinted: readonly string[]): string[] {
  const weight = new Map<string, number>()
  for (const { id, identify } of platforms) {
    const command = identify?.answer?.command
    if (command === undefined) continue
    weight.set(command, (weight.get(command) ?? 0) + (hinted.includes(id) ? platforms.length : 1))
  }
  return [...weight].sort(([, one], [, other]) => other - one).map(([command]) => command)
}

/** What the outcome of a collect tells of it. */
export const detectionIn = ({ result }: Detected): Pick<Outcome, 'detected'> =>
  result.ok
    ? {
        detected: {
          deviceType: result.deviceType,
          confidence: result.confidence,
          evidence: result.evidence,
        },
      }
    : {}
