import { createHash } from 'node:crypto'
import { AppError } from '../errors.ts'

/** Most file systems hold 255 bytes in a name; the rest is for `.cfg` and an id. */
const nameBytesMax = 200
const folderDepthMax = 16
const segmentBytesMax = 255

/**
 * The file of a device in the configuration repository: `<site>/<device>.cfg`, case kept.
 *
 * What is unsafe for git, Windows or the eye is percent-encoded, the percent sign and `~` included, so different
 * names have different paths. Two kinds of device still meet: those with the very same name in one site, and those
 * whose names differ only in case (one file on macOS and Windows). The caller, who sees all devices of a site,
 * compares `path.toLowerCase()` and gives the `id` for each but the oldest: `<device>~<id>.cfg`, which no name yields.
 */
export function configPath(site: string, device: string, id?: number): string {
  return `${safeName(site)}/${safeName(device)}${id === undefined ? '' : `~${id}`}.cfg`
}

/** Names that Windows keeps for devices, whatever follows the first dot. */
const windowsReserved = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\.|$)/i
/**
 * Invisible and control characters, spaces other than the plain one, and what Windows, git or a path gives
 * a meaning.
 */
const unsafe = /[\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000%~/\\:*?"<>|]/gu

function safeName(name: string): string {
  const normal = name.toWellFormed().normalize('NFC')
  // No other name yields it: a percent sign is always followed by two hex digits.
  if (normal === '') return '%empty'
  const encoded = normal
    .replaceAll(unsafe, encodeCharacter)
    .replace(/^[. ]/, encodeCharacter)
    .replace(/[. ]$/, encodeCharacter)
    .replace(windowsReserved, (word) => encodeCharacter(word.charAt(0)) + word.slice(1))
  return shortened(encoded, normal)
}

const encodeCharacter = (character: string): string =>
  [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')

/** A long name keeps its start and ends in a hash of the whole. */
function shortened(encoded: string, name: string): string {
  if (Buffer.byteLength(encoded) <= nameBytesMax) return encoded
  let start = ''
  let bytes = 0
  for (const part of encoded.match(/%[0-9A-F]{2}|./gsu) ?? []) {
    bytes += Buffer.byteLength(part)
    if (bytes > nameBytesMax - 20) break
    start += part
  }
  return `${start}~~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
}

/**
 * The segments of a path that git, its `fsck --strict` and a checkout accept.
 * @throws AppError `validation_failed`
 */
export function pathSegments(path: string): string[] {
  const segments = path.split('/')
  const bad = segments.some(
    (segment) =>
      segment === '' ||
      segment === '.' ||
      segment === '..' ||
      /[\p{Cc}\p{Cf}\\]/u.test(segment) ||
      /^(?:\.git|git~)/i.test(segment) ||
      !segment.isWellFormed() ||
      Buffer.byteLength(segment) > segmentBytesMax,
  )
  if (bad || segments.length > folderDepthMax) {
    throw new AppError('validation_failed', `This path cannot be stored in git: ${JSON.stringify(path)}`)
  }
  return segments
}
