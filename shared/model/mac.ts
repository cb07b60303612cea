/**
 * Reads a 48-bit hardware address: `00:1b:44:11:3a:b7`, `00-1B-44-11-3A-B7`, `001b.4411.3ab7`, `001b-4411-3ab7` or
 * `001b44113ab7`. @returns `00:1B:44:11:3A:B7`, as NetBox writes it; undefined where the text is none.
 */
export function parseMac(text: string): string | undefined {
  const isMac =
    /^(?:[0-9a-f]{12}|[0-9a-f]{1,2}(?:([:-])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}|[0-9a-f]{4}([.-])[0-9a-f]{4}\2[0-9a-f]{4})$/i
  if (!isMac.test(text)) return undefined
  const parts = text.split(/[:.-]/)
  // `0:1b:44:…` drops leading zeros, as Solaris writes it.
  const digits = parts.length === 6 ? parts.map((part) => part.padStart(2, '0')).join('') : parts.join('')
  return digits.toUpperCase().match(/../g)?.join(':')
}
