import { createHash } from 'node:crypto'

// The formats of git's objects: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects

export type ObjectType = 'commit' | 'tree' | 'blob'

/** Modes as they stand in a tree: without leading zeros. */
export const fileMode = '100644'
export const folderMode = '40000'

/** Names are the bytes of their UTF-8 form, one character each, so that comparing strings compares bytes. */
export type Tree = Map<string, { mode: string; oid: string }>

/** The object's name: SHA-1 over its type, length and content, in hex. */
export function objectId(type: ObjectType, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex')
}

export const treeName = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

export function parseTree(content: Uint8Array): Tree {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const tree: Tree = new Map()
  let position = 0
  while (position < bytes.length) {
    const space = bytes.indexOf(0x20, position)
    const end = bytes.indexOf(0, space)
    if (space < 0 || end < 0 || end + 21 > bytes.length) throw new Error('a git tree is cut short')
    tree.set(bytes.toString('latin1', space + 1, end), {
      mode: bytes.toString('latin1', position, space),
      oid: bytes.toString('hex', end + 1, end + 21),
    })
    position = end + 21
  }
  return tree
}

/** Git sorts a folder as if its name ended in a slash. */
export function encodeTree(tree: Tree): Buffer {
  const sorted = [...tree].map(([name, entry]) => ({
    ...entry,
    name,
    order: entry.mode === folderMode ? `${name}/` : name,
  }))
  sorted.sort((a, b) => (a.order < b.order ? -1 : 1))
  return Buffer.concat(
    sorted.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(oid, 'hex'),
    ]),
  )
}

export type Person = { name: string; email: string }

export function encodeCommit(commit: {
  tree: string
  parent: string | undefined
  author: Person
  /** The author, where nobody else is named. */
  committer?: Person
  message: string
  /** ISO 8601. */
  at: string
}): Buffer {
  const seconds = Math.floor(Date.parse(commit.at) / 1000)
  const signed = ({ name, email }: Person): string =>
    `${cleanName(name)} <${cleanName(email)}> ${seconds} +0000`
  const lines = [
    `tree ${commit.tree}`,
    ...(commit.parent === undefined ? [] : [`parent ${commit.parent}`]),
    `author ${signed(commit.author)}`,
    `committer ${signed(commit.committer ?? commit.author)}`,
    '',
    `${commit.message.replaceAll('\0', '').trimEnd()}\n`,
  ]
  return Buffer.from(lines.join('\n'), 'utf8')
}

/** Angle brackets and line ends delimit the fields of the line. */
const cleanName = (text: string): string => text.replaceAll(/[<>\p{Cc}]/gu, ' ').trim() || 'unknown'
