import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { newFolder } from './product.ts'

/** A repository as another tool keeps it, made with git itself. */
export type ForeignHistory = {
  /** Writes, moves and removes files, then commits. @param files path to content; undefined removes it. */
  commit(files: Record<string, string | undefined>, by?: { author?: string; at?: string }): string
  git(...args: string[]): string
  /** Everything as one file; objects as deltas in a pack. */
  bundle(...revisions: string[]): Uint8Array
  /** How long the longest chain of deltas in its packs is. */
  chains(): number
  remove(): void
}

export function foreignHistory(): ForeignHistory {
  const folder = newFolder('foreign')
  const git = (...args: string[]): string => gitIn(folder, args)
  git('init', '-q', '-b', 'master')
  return {
    git,
    commit(files, { author = 'Oxidized <oxidized@example.net>', at = '2025-01-01T00:00:00Z' } = {}) {
      for (const [path, content] of Object.entries(files)) {
        const file = join(folder, path)
        mkdirSync(dirname(file), { recursive: true })
        if (content === undefined) rmSync(file)
        else writeFileSync(file, content)
      }
      git('add', '-A')
      gitIn(folder, ['commit', '-q', '-m', 'update', '--author', author, '--date', at], at)
      return git('rev-parse', 'HEAD').trim()
    },
    bundle(...revisions) {
      git('gc', '-q', '--aggressive', '--prune=now')
      const file = join(folder, '.git', 'netkeep.bundle')
      git('bundle', 'create', '-q', file, ...(revisions.length === 0 ? ['--all'] : revisions))
      return readFileSync(file)
    },
    chains() {
      const packs = join(folder, '.git/objects/pack')
      const indexes = readdirSync(packs).filter((name) => name.endsWith('.idx'))
      const said = git('verify-pack', '-v', ...indexes.map((name) => join(packs, name)))
      return Math.max(0, ...[...said.matchAll(/^chain length = (\d+)/gm)].map(([, length]) => Number(length)))
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const gitIn = (cwd: string, args: readonly string[], at?: string): string =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Any',
      GIT_AUTHOR_EMAIL: 'any@example.net',
      GIT_COMMITTER_NAME: 'Any',
      GIT_COMMITTER_EMAIL: 'any@example.net',
      ...(at === undefined ? {} : { GIT_COMMITTER_DATE: at }),
    },
  })

/** A running configuration of IOS. @param vlans it has; more make it longer. */
export const iosConfig = (name: string, vlans: number, secret = 'Swordfish-1'): string =>
  [
    '!',
    'version 15.2',
    `hostname ${name}`,
    `enable secret 5 $1$abcd$${secret}`,
    ...Array.from({ length: vlans }, (_, index) => `vlan ${index + 10}\n name office-${index + 10}\n!`),
    'line vty 0 4',
    ' login local',
    'end',
    '',
  ].join('\n')

/** What Oxidized writes above it. */
export const oxidizedHead = (image: string): string =>
  ['! Cisco IOS Software, C2960 Software', '! ', `! Image: ${image}`, '! Memory: 65536K', '! ', ''].join('\n')

/** What RANCID writes above it. */
export const rancidHead = (uptime: string): string =>
  [
    '!RANCID-CONTENT-TYPE: cisco',
    '!',
    '!Chassis type: 2960',
    `!Image: ${uptime}`,
    '!',
    'config-register 0x2102',
    '',
  ].join('\n')
