import { timingSafeEqual } from 'node:crypto'
import net from 'node:net'
import ssh2, {
  type AuthContext,
  type Connection,
  type KeyboardAuthContext,
  type PublicKeyAuthContext,
  type ServerChannel,
  type ServerConfig,
} from 'ssh2'
import type { LabLogin } from './device.ts'

export type SshServerOptions = {
  /** PEM or OpenSSH private key. */
  hostKey: string
  logins: readonly LabLogin[]
  /** What may follow a login name and is no part of it, such as RouterOS's terminal options. */
  loginOptions?: RegExp
  /** How passwords are asked for; both when not given. */
  authentication?: 'password' | 'keyboard-interactive'
  legacyOnly?: boolean
  /** What the server calls itself, behind `SSH-2.0-`. */
  ident?: string
  /** Refused logins after which keyboard-interactive says so, and takes nobody. */
  locksAfter?: number
  onShell: (stream: ServerChannel, drop: () => void) => void
}

export type SshServer = {
  port: number
  /** Sockets that are open now. */
  readonly connections: number
  /** Passwords, answers and keys that were refused so far, in order of arrival. */
  readonly refused: readonly string[]
  /** From here on the server shows this key. */
  changeHostKey(hostKey: string): void
  close(): Promise<void>
}

const legacyAlgorithms: NonNullable<ServerConfig['algorithms']> = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  cipher: ['aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1', 'hmac-md5'],
  serverHostKey: ['ssh-rsa'],
}

/** An SSH server on a free port of the loopback address: password, keyboard-interactive or key, pty and shell. */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  /** By the client's port, which is all that ssh2 tells about a connection. */
  const sockets = new Map<number, net.Socket>()
  const refused: string[] = []
  const protocolServer = (hostKey: string): ssh2.Server =>
    new ssh2.Server(
      {
        hostKeys: [hostKey],
        ...(options.legacyOnly ? { algorithms: legacyAlgorithms } : {}),
        ...(options.ident ? { ident: options.ident } : {}),
      },
      (connection, { port }) =>
        serveConnection(connection, options, { refused, drop: () => sockets.get(port)?.resetAndDestroy() }),
    )
  let server = protocolServer(options.hostKey)
  const listener = net.createServer({ noDelay: true }, (socket) => {
    const port = socket.remotePort ?? 0
    sockets.set(port, socket)
    socket.on('close', () => sockets.delete(port))
    server.injectSocket(socket)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(listener),
    refused,
    get connections() {
      return sockets.size
    },
    changeHostKey: (hostKey) => {
      server = protocolServer(hostKey)
    },
    close: async () => {
      for (const socket of sockets.values()) socket.destroy()
      await new Promise<void>((resolve) => void listener.close(() => resolve()))
    },
  }
}

/** The port of a server that listens on one. */
export function portOf(listener: net.Server): number {
  const address = listener.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

type ConnectionContext = { refused: string[]; drop: () => void }

function serveConnection(
  connection: Connection,
  options: SshServerOptions,
  context: ConnectionContext,
): void {
  connection.on('authentication', (attempt) => authenticate(attempt, options, context.refused))
  connection.on('ready', () => {
    connection.on('session', (accept) => {
      const session = accept()
      session.on('pty', (acceptPty) => acceptPty?.())
      session.on('window-change', (acceptChange) => acceptChange?.())
      session.on('shell', (acceptShell) => options.onShell(acceptShell(), context.drop))
    })
  })
  // A client that hangs up is nothing to a device.
  connection.on('error', () => undefined)
}

function authenticate(attempt: AuthContext, options: SshServerOptions, refused: string[]): void {
  const methods = [options.authentication ?? (['password', 'keyboard-interactive'] as const)].flat()
  const typed = attempt.username.replace(options.loginOptions ?? /$^/, '')
  const login = options.logins.find(({ username }) => username === typed)
  const decide = (accepted: boolean): void => {
    if (accepted) return attempt.accept()
    refused.push(attempt.method)
    attempt.reject([...methods, 'publickey'])
  }
  if (attempt.method === 'publickey') return decide(login !== undefined && ownsKey(attempt, login))
  if (attempt.method === 'password' && methods.includes('password'))
    return decide(isPassword(attempt.password, login))
  if (attempt.method === 'keyboard-interactive' && methods.includes('keyboard-interactive')) {
    const isLocked = refused.length >= (options.locksAfter ?? Infinity)
    return askPassword(attempt, isLocked, (answer) => decide(!isLocked && isPassword(answer, login)))
  }
  attempt.reject([...methods, 'publickey'])
}

/** As PAM's faillock does it: an account that is locked is told so, and asked all the same. */
const askPassword = (
  attempt: KeyboardAuthContext,
  isLocked: boolean,
  decide: (answer: string) => void,
): void => {
  const says = isLocked ? 'The account is locked due to 3 failed logins.' : ''
  attempt.prompt([{ prompt: 'Password: ', echo: false }], '', says, (answers) => decide(answers[0] ?? ''))
}

const isPassword = (given: string, login: LabLogin | undefined): boolean =>
  login?.password !== undefined && login.password === given

function ownsKey(attempt: PublicKeyAuthContext, login: LabLogin): boolean {
  const known = login.publicKey === undefined ? undefined : ssh2.utils.parseKey(login.publicKey)
  if (!known || known instanceof Error) return false
  const blob = known.getPublicSSH()
  if (blob.length !== attempt.key.data.length || !timingSafeEqual(blob, attempt.key.data)) return false
  // Without a signature the client only asks whether the key would do.
  return (
    attempt.signature === undefined || known.verify(attempt.blob ?? '', attempt.signature, attempt.hashAlgo)
  )
}
