import { flush, pktLine, readPktLines } from './pkt-line.ts'
import { PushError } from './push-error.ts'
import { callRemote, type Remote } from './remote-call.ts'

// The smart protocol over HTTP, version 0, which every server speaks: https://git-scm.com/docs/http-protocol,
// https://git-scm.com/docs/pack-protocol#_pushing_data_to_a_server

/** What a remote has: its references, and what it can do. */
export type Advertised = { refs: ReadonlyMap<string, string>; capabilities: ReadonlySet<string> }

const service = 'git-receive-pack'
/** A line is some 70 bytes: 200,000 branches and tags. */
const advertisedBytesMax = 16 * 1024 * 1024
const reportBytesMax = 4 * 1024 * 1024
const noCommit = '0'.repeat(40)
const saidMax = 400

/** @throws PushError */
export async function listRefs(remote: Remote, signal: AbortSignal): Promise<Advertised> {
  const body = await callRemote(remote, {
    path: `/info/refs?service=${service}`,
    accepts: `application/x-${service}-advertisement`,
    bytesMax: advertisedBytesMax,
    signal,
  })
  const refs = new Map<string, string>()
  const capabilities = new Set<string>()
  for (const line of readPktLines(body)) {
    const [reference = '', offered] = (line ?? '').toString('utf8').trimEnd().split('\0')
    for (const one of offered?.split(' ') ?? []) capabilities.add(one)
    const [, oid, name] = /^([0-9a-f]{40}) (\S+)$/.exec(reference) ?? []
    // An empty repository names none; `.have` are commits of others that it shares objects with.
    if (oid !== undefined && name !== undefined && oid !== noCommit) refs.set(name, oid)
  }
  if (!capabilities.has('report-status')) {
    const isOther = capabilities.has('object-format=sha256')
    throw new PushError(
      'not_git',
      isOther ? 'the repository is one of SHA-256' : 'the remote does not report what became of a push',
    )
  }
  return { refs, capabilities }
}

export type Move = { ref: string; from: string | undefined; to: string }

/**
 * Sends a pack and asks for a reference to be moved, which the remote does only where it still stands at `from`.
 * @throws PushError `refused` where it does not take it
 */
export async function sendPack(
  remote: Remote,
  { ref, from = noCommit, to }: Move,
  {
    pack,
    capabilities,
    signal,
  }: { pack: AsyncIterable<Buffer>; capabilities: ReadonlySet<string>; signal: AbortSignal },
): Promise<void> {
  // Nothing else is asked for: CodeCommit breaks off at an agent.
  const asked = ['report-status', 'side-band-64k'].filter((one) => capabilities.has(one))
  const command = Buffer.concat([pktLine(`${from} ${to} ${ref}\0 ${asked.join(' ')}`), flush])
  const answer = await callRemote(remote, {
    path: `/${service}`,
    accepts: `application/x-${service}-result`,
    body: { type: `application/x-${service}-request`, chunks: chunks() },
    bytesMax: reportBytesMax,
    signal,
  })
  readReport(answer, asked.includes('side-band-64k'))

  async function* chunks(): AsyncIterable<Buffer> {
    yield command
    try {
      yield* pack
    } catch (cause) {
      throw new PushError('internal', `a pack could not be read: ${String(cause)}`)
    }
  }
}

/** @throws PushError `refused` in the remote's own words. */
function readReport(answer: Buffer, hasSideBand: boolean): void {
  const { report, said } = hasSideBand ? splitBands(answer) : { report: answer, said: '' }
  const lines = readPktLines(report).flatMap((line) =>
    line === null ? [] : [line.toString('utf8').trimEnd()],
  )
  if (lines[0] === 'unpack ok' && lines[1]?.startsWith('ok ') === true) return
  const refusal = lines.find((line) => line.startsWith('ng ')) ?? lines[0] ?? 'no report'
  const words = refusal.replace(/^ng \S+ /, '')
  throw new PushError('refused', `the remote refuses the push: ${[words, said].filter(Boolean).join('; ')}`)
}

/** The first byte of a line says what it is: 1 the report, 2 what the remote tells people, 3 that it gave up. */
function splitBands(answer: Buffer): { report: Buffer; said: string } {
  const lines = readPktLines(answer).flatMap((line) => line ?? [])
  const band = (number: number): Buffer =>
    Buffer.concat(lines.filter((line) => line[0] === number).map((line) => line.subarray(1)))
  const said = Buffer.concat([band(3), band(2)]).toString('utf8')
  return { report: band(1), said: said.replaceAll(/\s+/g, ' ').trim().slice(0, saidMax) }
}
