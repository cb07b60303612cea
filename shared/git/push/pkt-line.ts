import { PushError } from './push-error.ts'

// Git's lines: four hexadecimal digits of length, themselves included, then the payload; 0000 ends a section.
// https://git-scm.com/docs/protocol-common#_pkt_line_format

export const flush = Buffer.from('0000', 'latin1')

export function pktLine(text: string): Buffer {
  const payload = Buffer.from(text, 'utf8')
  return Buffer.concat([Buffer.from((payload.length + 4).toString(16).padStart(4, '0'), 'latin1'), payload])
}

/** The payloads in their order; null for the end of a section. @throws PushError `not_git` */
export function readPktLines(bytes: Buffer): (Buffer | null)[] {
  const lines: (Buffer | null)[] = []
  let position = 0
  while (position < bytes.length) {
    const digits = bytes.toString('latin1', position, position + 4)
    const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1
    const end = position + Math.max(length, 4)
    // The lengths 1 to 3 are marks of the newer protocol, which is not asked for.
    if ((length !== 0 && length < 4) || end > bytes.length)
      throw new PushError('not_git', 'the remote does not answer as git does')
    lines.push(length === 0 ? null : bytes.subarray(position + 4, end))
    position = end
  }
  return lines
}
