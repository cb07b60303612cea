import { execFileSync } from 'node:child_process'

/** Files that hold a text as it is, in base64 at any of its three alignments, in hex or in UTF-16. */
export function filesWith(text: string, folder: string): string[] {
  const hex = Buffer.from(text).toString('hex')
  const forms = [
    text,
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].map((shift) => base64Core(text, shift)),
    Array.from(text).join('\0'),
    // As it stands inside a JSON text.
    JSON.stringify(text).slice(1, -1),
  ]
  return [...new Set(forms)].flatMap((form) => {
    try {
      const pattern = form
        .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('\0', '\\x00')
        .replaceAll('\n', '\\n')
      // With -z a file is one line: a text of several lines is found too.
      const found = execFileSync('grep', ['-rlazP', '--', pattern, folder], { encoding: 'utf8' })
      return found.trim().split('\n')
    } catch (error) {
      // grep ends with 1 when it finds nothing, and with 2 when it could not look.
      if ((error as { status?: number }).status === 1) return []
      throw error
    }
  })
}

/** The characters of the base64 form that depend on the text alone, wherever in a stream it stands. */
function base64Core(text: string, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
    .toString('base64')
    .replaceAll('=', '')
  return encoded.slice(shift === 0 ? 0 : shift + 1, -1)
}
