import { createHash } from 'node:crypto'
import { AppError } from '../../errors.ts'
import { bundleBytesMax } from './routes.ts'

/** A repository as one file: the heads it has, and one pack with all their objects. */
export type Bundle = { refs: ReadonlyMap<string, string>; pack: Buffer; objects: number }

const packHeaderBytes = 12
const checksumBytes = 20

/**
 * Takes a bundle apart (gitformat-bundle): a line with the version, capabilities, prerequisites, heads, an empty line,
 * and the pack.
 * @throws AppError `validation_failed` for what is no bundle, is damaged, or needs objects that it does not have.
 */
export function readBundle(bytes: Uint8Array): Bundle {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length > bundleBytesMax)
    throw refused(
      `The bundle has ${file.length} bytes; at most ${bundleBytesMax} are read: divide it by branches.`,
    )
  const end = file.indexOf('\n\n')
  const [signature, ...lines] = file.toString('utf8', 0, Math.max(end, 0)).split('\n')
  if (end < 0 || !/^# v[23] git bundle$/.test(signature ?? ''))
    throw refused('The file is not a git bundle: make one with "git bundle create netkeep.bundle --all".')
  const refs = new Map<string, string>()
  for (const line of lines) {
    if (line.startsWith('@')) acceptCapability(line)
    else if (line.startsWith('-'))
      throw refused('The bundle holds a part of the history only: make it with "--all", without a range.')
    else refs.set(line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' ')))
  }
  const pack = file.subarray(end + 2)
  return { refs, pack, objects: countObjects(pack) }
}

function acceptCapability(line: string): void {
  if (line !== '@object-format=sha1')
    throw refused(`The bundle needs what is not read here: ${line.slice(1, 80)}.`)
}

/** @returns how many objects the pack says to have. */
function countObjects(pack: Buffer): number {
  const body = pack.subarray(0, -checksumBytes)
  const isWhole =
    pack.length >= packHeaderBytes + checksumBytes &&
    pack.toString('latin1', 0, 4) === 'PACK' &&
    createHash('sha1').update(body).digest().equals(pack.subarray(-checksumBytes))
  if (!isWhole) throw refused('The bundle is damaged or cut short: its checksum does not fit.')
  return pack.readUInt32BE(8)
}

/**
 * The commit whose history is meant.
 * @param asked a branch by its name; without it the one that is checked out, else the only one there is.
 * @throws AppError `validation_failed`; it names the branches.
 */
export function chooseBranch(
  { refs }: Pick<Bundle, 'refs'>,
  asked: string | undefined,
): { branch: string; tip: string } {
  const prefix = 'refs/heads/'
  const branches = [...refs.keys()].flatMap((ref) =>
    ref.startsWith(prefix) ? [ref.slice(prefix.length)] : [],
  )
  const head = refs.get('HEAD')
  if (asked === undefined && head !== undefined) {
    const branch = branches.find((name) => refs.get(prefix + name) === head)
    return { branch: branch ?? 'HEAD', tip: head }
  }
  const branch = asked ?? (branches.length === 1 ? branches[0] : undefined)
  const tip = branch === undefined ? undefined : refs.get(prefix + branch)
  if (branch !== undefined && tip !== undefined) return { branch, tip }
  const known = branches.length === 0 ? 'It has none.' : `It has ${branches.slice(0, 20).join(', ')}.`
  throw refused(
    asked === undefined
      ? `Say which branch is meant. ${known}`
      : `The bundle has no branch ${asked}. ${known}`,
  )
}

export const refused = (message: string): AppError => new AppError('validation_failed', message)
