import { AppError } from '../errors.ts'
import { isUndetected } from '../platforms/platforms.ts'
import { deviceConnector, type ConnectorDeps } from './connector.ts'
import type { ConnectorState, DeviceConnector } from './device-connector.ts'
import { detectionIn, detectPlatform, type Detected } from './detection.ts'
import { failedBy } from './failure.ts'
import type { Collected, Failed, Outcome } from './outcome.ts'
import type { CollectRequest } from './request.ts'

/**
 * Backs up one device: connects, reads the facts and the running configuration, disconnects. A device without a
 * platform is recognised first. Never throws; what went wrong is in the outcome, and nothing partial is ever returned
 * as a configuration.
 */
export async function collectDevice(request: CollectRequest, deps: ConnectorDeps): Promise<Outcome> {
  const startedAt = performance.now()
  const done = (result: Collected | Failed, state: ConnectorState): Outcome => ({
    ...result,
    ...state,
    elapsedMs: Math.round(performance.now() - startedAt),
  })
  try {
    if (!isUndetected(request.deviceType) || request.credentials.length === 0) {
      const { result, state } = await collectKnown(request, deps)
      return done(result, state)
    }
    const detected = await detectPlatform(request, deps)
    if (!detected.result.ok) return done(detected.result, detected.state)
    const known = await collectKnown(knownRequest(request, detected), deps)
    const state = { ...known.state, events: [...detected.state.events, ...known.state.events] }
    return { ...done(known.result, state), ...detectionIn(detected) }
  } catch (error) {
    const detail =
      error instanceof AppError ? `the request is malformed: ${error.message}` : 'the request is malformed'
    return done({ ok: false, category: 'internal', detail }, { attempts: [], events: [] })
  }
}

/** The same request for what the device was taken for, with the credential that it took and no other. */
function knownRequest(request: CollectRequest, { result, state }: Detected): CollectRequest {
  const deviceType = result.ok ? result.deviceType : ''
  const transport = request.deviceType.endsWith('_telnet') ? '_telnet' : ''
  const credentials = request.credentials.filter(
    ({ id, former = false }) => id === state.credentialId && former === (state.former ?? false),
  )
  return { ...request, deviceType: deviceType + transport, credentials }
}

type Ended = { result: Collected | Failed; state: ConnectorState }

async function collectKnown(request: CollectRequest, deps: ConnectorDeps): Promise<Ended> {
  const connector = deviceConnector(request, deps)
  try {
    return { result: await readAll(connector), state: connector.state }
  } catch (error) {
    return { result: failedBy(error), state: connector.state }
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
  const model = await connector.getModel()
  if (!model.ok && model.category !== 'command_rejected') return model
  const running = await connector.getRunning()
  if (!running.ok) return running
  const texts = {
    running: running.text,
    ...(serial.ok && serial.text !== '' ? { serial: serial.text } : {}),
    ...(os.ok && os.text !== '' ? { os: os.text } : {}),
  }
  const { facts, lines } = connector.factsIn({ ...texts, ...(model.ok ? { model: model.text } : {}) })
  return { ok: true, ...texts, facts, factLines: lines }
}
