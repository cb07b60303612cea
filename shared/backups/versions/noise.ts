import { createHash } from 'node:crypto'
import type { Platform } from '../../platforms/definition.ts'
import { nameOfPatterns, type NoiseChoice } from './noise-rules.ts'
import type { DeviceRun } from '../runs/record.ts'
import type { BackupState, Essence } from '../records.ts'
import { readPattern } from '../search/pattern.ts'

/**
 * Which lines mean nothing when they change: those that the platform declares, and those of the users' rules. What is
 * left of a text without them is its essence. A version is significant unless its essence, by the same rules, is that
 * of the version before.
 */
export type Noise = {
  /** Name of the rules: equal means the same ones. */
  rules: string
  /** Reads and compiles the users' patterns: not before a text is to be looked at. */
  open: () => Promise<OpenNoise>
}
/** Its rules are those that were read, which may have been changed since the run was planned. */
type OpenNoise = { rules: string; test: (line: string) => boolean }
type Declaring = Pick<Platform, 'insignificant'>

/** Patterns of the users' rules that have these ids. */
export type PatternsOf = (ids: readonly number[]) => Promise<readonly string[]>

/** @returns undefined where no line is noise. */
export function noiseOf(
  platform: Declaring | undefined,
  choice: NoiseChoice | undefined,
  patternsOf: PatternsOf,
): Noise | undefined {
  const own = platform?.insignificant ?? []
  if (own.length === 0 && choice === undefined) return undefined
  return {
    rules: nameOf(own, choice?.rules),
    async open() {
      const patterns = choice === undefined ? [] : await patternsOf(choice.ids)
      const name = choice === undefined ? undefined : nameOfPatterns(patterns)
      return { rules: nameOf(own, name), test: await lineTest(platform, patterns) }
    },
  }
}

const nameOf = (own: readonly RegExp[], users: string | undefined): string =>
  [nameOfPatterns(own.map(String)), users ?? ''].join('.')

/** @returns whether a line of a shown text means nothing when it changes. */
export async function lineTest(
  platform: Declaring | undefined,
  patterns: readonly string[],
): Promise<(line: string) => boolean> {
  const own = platform?.insignificant ?? []
  const ofUsers = await Promise.all(patterns.map((q) => readPattern({ q, regex: true, caseSensitive: true })))
  return (line) => own.some((one) => one.test(line)) || ofUsers.some((one) => one.test(line))
}

async function essenceOf(text: string, noise: Noise): Promise<Essence> {
  const { rules, test } = await noise.open()
  const kept = text.split('\n').filter((line) => !test(line))
  return { rules, sha256: createHash('sha256').update(kept.join('\n'), 'utf8').digest('hex') }
}

export type Weighed = { essence: Essence | undefined; isSignificant: boolean }

/**
 * Whether what was read differs in what means something from what was stored before. Where the text is the same, its
 * essence is made again only when the rules are others. A text that changed before it was seen under the rules cannot be
 * compared by them: then the change counts.
 */
export async function weigh(
  { config, noise }: Pick<DeviceRun, 'config' | 'noise'>,
  state: BackupState | undefined,
  isChanged: boolean,
): Promise<Weighed> {
  if (config === undefined) return { essence: state?.essence, isSignificant: true }
  if (noise === undefined) return { essence: undefined, isSignificant: true }
  const before = state?.essence
  if (!isChanged && before?.rules === noise.rules) return { essence: before, isSignificant: true }
  const essence = await essenceOf(config.text, noise)
  const isSame = before?.rules === essence.rules && before.sha256 === essence.sha256
  return { essence, isSignificant: !isSame }
}
