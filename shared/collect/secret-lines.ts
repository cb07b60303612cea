import {
  algorithm,
  communityContext,
  communityWord,
  digestContext,
  freeText,
  keyContext,
  kindOf,
  method,
  noSecret,
  type NameKind,
  ownerContext,
  publicKeyContext,
  redundancyContext,
  storageWord,
  textMethod,
  userContext,
} from './secret-words.ts'

/** From the first character of a secret to the one behind its last. */
export type Span = { start: number; end: number }

/** A line without any of these holds nothing that could be told by its words. */
const worthALook =
  /pass|pwd|secret|key|communit|com2sec|psk|auth|priv|token|crypt|md5|sha|hash|preshare|pw\b|credential|\bprv\b|\bpin\b|\btls\b|\bcak\b|otp/i

const names = /[A-Za-z_][\w.-]{1,63}/g
/** A name is set to its value by one of these; quotes may stand around the name. */
const setting = /["'\]]{0,2}\s{0,16}[=:]\s{0,16}/y
const blank = /["']?[ \t]{1,32}/y
const element = /(?:\s[^<>]{0,200})?>\s{0,8}(?=[^<\s])/y
const elementText = /[^<]{1,16384}/y
/** Quoted, or up to the next blank. */
const word = /"(?:[^"\\\n]|\\.){0,16384}"|'[^'\n]{0,16384}'|\S{1,16384}/y
/** So much before a name says what it means; without an end, a line of a megabyte would be read a megabyte times. */
const contextChars = 400
/** Storage words and key numbers between a name and its secret. */
const mostBetween = 6
/** A `key` that is set like a setting is a secret if it looks like one. */
const looksRandom = /^(?=.{0,200}\d)(?=.{0,200}[A-Za-z])[\w!@#$%^&*+/=-]{8,16384}$/

/** Where the secrets of a line stand, in order. Costs in proportion to the line. */
export function secretsIn(line: string): Span[] {
  if (!worthALook.test(line)) return []
  const found: Span[] = []
  let read = 0
  for (const match of line.matchAll(names)) {
    const start = match.index
    // What stands behind `=` is a value, however much it reads like a name.
    const kind = start < read || line[start - 1] === '=' ? undefined : kindOf(match[0])
    if (kind === undefined) continue
    const secret = secretAfter(line, { name: match[0], start, end: start + match[0].length })
    if (!secret || isNothing(line, secret)) continue
    found.push(secret)
    read = secret.end
  }
  return found
}

/** The kinds that are secrets also in settings, JSON and XML. */
const inSettings = new Set<NameKind>(['always', 'setting', 'community', 'key', 'some-key'])
/** A bare number is the index of a key, a path is a file's. */
const noKey = /^\d{1,5}$|^[/~.]|\.(?:key|pem|crt|cer|der|p12|pfx|pub)$|:\/\//i

type Name = Span & { name: string }

function secretAfter(line: string, name: Name): Span | undefined {
  if (line[name.start - 1] === '<') return inElement(line, name)
  const set = at(setting, line, name.end)
  if (set) return inSetting(line, name, set.end)
  const gap = at(blank, line, name.end)
  return gap && inCommand(line, name, gap.end)
}

function inElement(line: string, { name, end }: Name): Span | undefined {
  const kind = kindOf(name)
  if (kind === undefined || !inSettings.has(kind)) return undefined
  const open = at(element, line, end)
  const text = open && at(elementText, line, open.end)
  if (!text) return undefined
  const value = trimmed(line, text)
  const shown = line.slice(value.start, value.end)
  if (kind === 'key' && !looksRandom.test(shown)) return undefined
  if (kind === 'some-key' && noKey.test(shown)) return undefined
  return noSecret.test(shown) ? undefined : value
}

function inSetting(line: string, { name }: Name, from: number): Span | undefined {
  const kind = kindOf(name)
  if (kind === undefined || !inSettings.has(kind)) return undefined
  const value = wordAt(line, from)
  if (!value) return undefined
  const shown = line.slice(value.start, value.end)
  if (kind === 'key' && !looksRandom.test(shown)) return undefined
  if (kind === 'some-key' && noKey.test(shown)) return undefined
  if (kind === 'community' && /^\d+:\d+/.test(shown)) return undefined
  if (kind === 'always' || line[value.start - 1] === '"') return plainSetting.test(shown) ? undefined : value
  return noSecret.test(shown) || /^\d{1,4}$/.test(shown) ? undefined : value
}

/** The values of settings that are named like secrets and are none. */
const plainSetting = /^(?:yes|no|true|false|null|none|enabled?|disabled?|required|optional|[|>{}()[\]-]|\d)$/i

function inCommand(line: string, name: Name, from: number): Span | undefined {
  const before = line.slice(Math.max(0, name.start - contextChars), name.start)
  if (freeText.test(before)) return undefined
  const kind = kindOf(name.name)
  if (kind === 'always') return isNamed(line, name, from) ? undefined : afterStorage(line, from, before)
  if (kind === 'key') return inKey(line, from, before)
  if (kind === 'pass') return ownerContext.test(before) ? afterStorage(line, from, before) : undefined
  if (kind === 'some-key') {
    const value = publicKeyContext.test(before) ? undefined : afterStorage(line, from, before)
    return value && noKey.test(line.slice(value.start, value.end)) ? undefined : value
  }
  if (kind === 'user') return inUser(line, from, before)
  // Ciphers are told of in many places; behind them are keys only where a user of SNMP is made.
  const context = /^(?:aes|des)/i.test(name.name)
    ? /createuser|snmp\S{0,12} (?:v3 )?user|usm-user/i
    : digestContext
  if (kind === 'digest' && context.test(before)) return afterStorage(line, from, before)
  if (kind === 'redundancy' && (redundancyContext.test(before) || isMethod(line, from)))
    return afterStorage(line, from, before)
  if (kind === 'setting' && line[from] === '"' && /token/i.test(name.name))
    return afterStorage(line, from, before)
  if (kind === 'community' && communityContext.test(before + name.name))
    return firstOf(line, from, (text) => !communityWord.test(text))
  return undefined
}

/** `psk one secret …`: what follows is the name of a key, and its secret is still to come. */
function isNamed(line: string, { name }: Name, from: number): boolean {
  if (!/^psk$/i.test(name)) return false
  const first = wordAt(line, from)
  const second = first && wordAt(line, first.end)
  return second !== undefined && /^(?:secret|key|password|id)$/i.test(line.slice(second.start, second.end))
}

/** The first word that does not say how the secret is stored; the last of those, where nothing follows them. */
function afterStorage(line: string, from: number, before: string): Span | undefined {
  const skipped: Span[] = []
  let at = from
  for (let index = 0; index <= mostBetween; index += 1) {
    const value = wordAt(line, at)
    if (!value) break
    const text = line.slice(value.start, value.end)
    const next = wordAt(line, value.end)
    const nextText = next ? line.slice(next.start, next.end) : ''
    const isLevel = /^level$/i.test(text) && /^\d{1,2}$/.test(nextText)
    const isIndex =
      /^\d{3,10}$/.test(text) && (algorithm.test(nextText) || /^(?:type|key|md5)$/i.test(nextText))
    const isQuoted = line[value.start - 1] === '"'
    if (next && !isQuoted && (storageWord.test(text) || isLevel || isIndex)) {
      skipped.push(value)
      at = isLevel ? next.end : value.end
      continue
    }
    if (!isQuoted && !next && method.test(text)) break
    if (isQuoted || !noSecret.test(text)) return value
    if (ownerContext.test(before) && !storageWord.test(text) && skipped.length > 0) return value
    break
  }
  const last = skipped.at(-1)
  return last && !/^\d$/.test(line.slice(last.start, last.end)) && !isPlainWord(line, last) ? last : undefined
}

/** A storage word in its own right, such as `encrypted` before a word that is no secret. */
const isPlainWord = (line: string, { start, end }: Span): boolean =>
  /^(?:type|key|key-id|keyid|id|auth|priv|text|string|local|remote|is|encrypted|md5|sha\S{0,6})$/i.test(
    line.slice(start, end),
  )

function inKey(line: string, from: number, before: string): Span | undefined {
  const isAlone = /^\s*(?:pac )?$/.test(before)
  if ((!isAlone && !keyContext.test(before)) || publicKeyContext.test(before)) return undefined
  const value = afterStorage(line, from, before)
  if (!value) return undefined
  const text = line.slice(value.start, value.end)
  if (noKey.test(text)) return undefined
  // Alone in its line it may be some table's key: a secret is the last word there, quoted, or said to be stored somehow.
  const isSaid =
    value.start - from > 1 || line[value.start - 1] === '"' || /^\s+encrypt/.test(line.slice(value.end))
  return isAlone && wordAt(line, value.end) && !isSaid ? undefined : value
}

function inUser(line: string, from: number, before: string): Span | undefined {
  if (redundancyContext.test(before)) return afterStorage(line, from, before)
  const first = wordAt(line, from)
  if (first && textMethod.test(line.slice(first.start, first.end)))
    return afterStorage(line, first.end, before)
  if (!first || !algorithm.test(line.slice(first.start, first.end))) return undefined
  if (!userContext.test(before) && !/^\s+"/.test(line.slice(first.end))) return undefined
  return firstOf(line, first.end, (text) => !/^\d{1,3}$/.test(text) && !storageWord.test(text))
}

function isMethod(line: string, from: number): boolean {
  const first = wordAt(line, from)
  return first !== undefined && method.test(line.slice(first.start, first.end))
}

/** The first word that the test takes; the last word of the line, if it takes none. */
function firstOf(line: string, from: number, test: (text: string) => boolean): Span | undefined {
  let value = wordAt(line, from)
  while (value) {
    const text = line.slice(value.start, value.end)
    const next = wordAt(line, value.end)
    if (line[value.start - 1] === '"' || test(text) || !next) {
      return noSecret.test(text) && line[value.start - 1] !== '"' ? undefined : value
    }
    value = next
  }
  return undefined
}

function at(pattern: RegExp, line: string, from: number): Span | undefined {
  pattern.lastIndex = from
  const found = pattern.exec(line)
  return found ? { start: from, end: from + found[0].length } : undefined
}

/** The next word, without its quotes and without the marks that end a statement. */
function wordAt(line: string, from: number): Span | undefined {
  let start = from
  while (start < line.length && /\s/.test(line.charAt(start))) start += 1
  const found = at(word, line, start)
  if (!found) return undefined
  const text = line.slice(found.start, found.end)
  if (/^(["']).*\1$/s.test(text)) return { start: found.start + 1, end: found.end - 1 }
  return trimmed(line, found)
}

function trimmed(line: string, { start, end }: Span): Span {
  let last = end
  while (last > start + 1 && /[\s;,"')\]}]/.test(line.charAt(last - 1))) last -= 1
  return { start, end: last }
}

/** Nothing, a tag that stands already, or the marks by which a device hides what it will not show. */
const isNothing = (line: string, { start, end }: Span): boolean =>
  start >= end ||
  line.startsWith('<secret:', start) ||
  /^(?:\*+|\.{3,}|x{3,}|•+)$/i.test(line.slice(start, end))
