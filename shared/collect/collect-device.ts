import { AppError } from '../errors.ts'
import {
  deviceConnector,
  type ConnectorDeps,
  type ConnectorState,
  type DeviceConnector,
} from './connector.ts'
import { failedBy } from './failure.ts'
import type { Collected, Failed, Outcome } from './outcome.ts'
import type { CollectRequest } from './request.ts'

/**
 * Backs up one device: connects, reads the facts and the running configuration, disconnects. Never throws; what went
 * wrong is in the outcome, and nothing partial is ever returned as a configuration.
 */
export async function collectDevice(request: CollectRequest, deps: ConnectorDeps): Promise<Outcome> {
  const startedAt = performance.now()
  const done = (result: Collected | Failed, state: ConnectorState): Outcome => ({
    ...result,
    ...state,
    elapsedMs: Math.round(performance.now() - startedAt),
  })
  let connector: DeviceConnector
  try {
    connector = deviceConnector(request, deps)
  } catch (error) {
    const detail =
      error instanceof AppError ? `the request is malformed: ${error.message}` : 'the request is malformed'
    return done({ ok: false, category: 'internal', detail }, { attempts: [], events: [] })
  }
  try {
    return done(await readAll(connector), connector.state)
  } catch (error) {
    return done(failedBy(error), connector.state)
  } finally {
    await connector.disconnect()
  }
}

async function readAll(connector: DeviceConnector): Promise<Collected | Failed> {
  const connected = await connector.connect()
  if (!connected.ok) return connected
  // The facts come first: whatever they leave unread is over before the echo of the configuration's command.
  const os = await connector.getOs()
  const serial = await connector.getSerial()
  // A refused fact is left out; after any other failure the session is of no more use.
  for (const fact of [os, serial]) if (!fact.ok && fact.category !== 'command_rejected') return fact
  const running = await connector.getRunning()
  if (!running.ok) return running
  return {
    ok: true,
    running: running.text,
    ...(serial.ok && serial.text !== '' ? { serial: serial.text } : {}),
    ...(os.ok && os.text !== '' ? { os: os.text } : {}),
  }
}
