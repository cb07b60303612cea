import { generateKeyPairSync } from 'node:crypto'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2 from 'ssh2'
import { deviceBehaviour } from './behaviour.ts'
import type { DeviceFacts, Fault, LabDevice } from './device.ts'
import { dialects } from './dialects.ts'
import { serveShell } from './shell.ts'
import { startTelnetServer, terminalLogin } from './telnet-server.ts'
import { portOf, startSshServer, type SshServer } from './ssh-server.ts'

export type LabRouter = {
  name: string
  deviceType: string
  host: string
  port: number
  /** Works on the device: adds this line to its configuration, or one that is typical of it. */
  change(line?: string): void
  setFault(fault: Fault | undefined): void
  changeHostKey(): void
  /** Connections open now. */
  readonly connections: number
  /** Methods of the logins that were refused so far. */
  readonly refused: readonly string[]
  /** Shells that were opened so far. */
  readonly sessions: number
}

export type Lab = { devices: readonly LabRouter[]; stop(): Promise<void> }

const defaultInterfaces = 24
const loopback = '127.0.0.1'
/** Nobody listens here: a closed port of 127.0.0.1 may be another server's a moment later. */
const deadHost = '127.99.0.1'

/** Starts each device as an SSH server on its own loopback port. The devices share one host key unless it is changed. */
export async function startLab({ devices }: { devices: readonly LabDevice[] }): Promise<Lab> {
  const hostKey = ed25519Key()
  const running: { router: LabRouter; close: () => Promise<void> }[] = []
  for (const [index, device] of devices.entries()) {
    running.push(await startDevice({ index, ...device }, device.legacyOnly ? rsaKey() : hostKey))
  }
  return {
    devices: running.map(({ router }) => router),
    stop: async () => void (await Promise.all(running.map(({ close }) => close()))),
  }
}

async function startDevice(device: LabDevice & { index: number }, hostKey: string) {
  if (device.fault?.kind === 'dead' || device.fault?.kind === 'mute')
    return startSilent(device, device.fault.kind)
  const dialect = dialects.find(({ deviceType }) => deviceType === device.deviceType)
  if (!dialect) throw new Error(`no dialect for ${device.deviceType}`)
  const changes: string[] = []
  const state = { fault: device.fault, sessions: 0 }
  const facts = (): DeviceFacts => ({
    name: device.name,
    index: device.index,
    interfaces: device.interfaces ?? defaultInterfaces,
    changes,
  })
  const refused: string[] = []
  const onShell = (stream: Duplex, drop: () => void): void => {
    state.sessions += 1
    const behaviour = deviceBehaviour({ device, dialect, fault: state.fault, facts })
    const greeting =
      device.transport === 'telnet'
        ? () => terminalLogin(device.logins, refused, behaviour.greeting)
        : behaviour.greeting
    void serveShell(stream, { ...behaviour, greeting }, { responseMs: device.responseMs ?? 0, drop })
  }
  const server =
    device.transport === 'telnet'
      ? await startTelnetServer({ onShell, refused })
      : await startSshServer({
          hostKey,
          logins: device.logins,
          ...(dialect.loginOptions ? { loginOptions: dialect.loginOptions } : {}),
          ...(device.authentication ? { authentication: device.authentication } : {}),
          ...(device.legacyOnly ? { legacyOnly: true } : {}),
          ...(device.locksAfter === undefined ? {} : { locksAfter: device.locksAfter }),
          onShell,
        })
  const change = (line?: string): void => void changes.push(...(line ?? dialect.change(facts())).split('\n'))
  return { router: routerOf(device, server, { state, change }), close: () => server.close() }
}

type Controls = {
  state: { fault: Fault | undefined; sessions: number }
  change: (line?: string) => void
  host?: string
}

const routerOf = (device: LabDevice, server: SshServer, { state, change, host }: Controls): LabRouter => ({
  name: device.name,
  deviceType: device.deviceType,
  host: host ?? loopback,
  port: server.port,
  change,
  setFault: (fault) => (state.fault = fault),
  changeHostKey: () => server.changeHostKey(ed25519Key()),
  refused: server.refused,
  get connections() {
    return server.connections
  },
  get sessions() {
    return state.sessions
  },
})

/** A port that is closed, or one that takes connections and never says a word. */
async function startSilent(device: LabDevice, kind: 'dead' | 'mute') {
  const host = kind === 'dead' ? deadHost : loopback
  const sockets = new Set<net.Socket>()
  const listener = net.createServer((socket) => sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => listener.listen(0, host, resolve))
  const port = portOf(listener)
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => (listener.listening ? void listener.close(() => resolve()) : resolve()))
  }
  if (kind === 'dead') await close()
  const server: SshServer = { port, connections: 0, refused: [], changeHostKey: () => undefined, close }
  return {
    router: routerOf(device, server, {
      state: { fault: device.fault, sessions: 0 },
      change: () => undefined,
      host,
    }),
    close,
  }
}

/** ssh2 1.17 drops a zero byte at the start of a public key, so one pair in 256 cannot be read again. */
export function ed25519Key(): string {
  for (let tries = 0; tries < 8; tries += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair.private
  }
  throw new Error('no host key could be made')
}

/** The only key type that devices of the SHA-1 age know. */
const rsaKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString()
