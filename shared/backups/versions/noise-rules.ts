import { createHash } from 'node:crypto'
import * as z from 'zod'

/** What a rule is chosen by, and its pattern. */
export type NoiseRule = {
  id: number
  enabled: boolean
  pattern: string
  sites: readonly number[]
  platforms: readonly number[]
  tags: readonly number[]
}

type Chosen = { site: { id: number }; platformId: number | undefined; tagIds: readonly number[] }

/** The rules that hold for a device: of its sites, platforms and tags, each that is given must meet it. */
export const noiseRulesFor = <R extends NoiseRule>(device: Chosen, rules: readonly R[]): R[] =>
  rules.filter(
    ({ enabled, sites, platforms, tags }) =>
      enabled &&
      (sites.length === 0 || sites.includes(device.site.id)) &&
      (platforms.length === 0 || platforms.includes(device.platformId ?? 0)) &&
      (tags.length === 0 || tags.some((tag) => device.tagIds.includes(tag))),
  )

/** Of rules: which ones, and a name of what they say. The patterns are read where a text is looked at, which is seldom. */
export const NoiseChoice = z.object({ ids: z.array(z.int()), rules: z.string() })
export type NoiseChoice = z.infer<typeof NoiseChoice>

/** @returns undefined where no rule holds. */
export function chooseNoise(device: Chosen, rules: readonly NoiseRule[]): NoiseChoice | undefined {
  const own = noiseRulesFor(device, rules)
  if (own.length === 0) return undefined
  return { ids: own.map(({ id }) => id), rules: nameOfPatterns(own.map(({ pattern }) => pattern)) }
}

/** The same patterns have the same name, in whatever order they come. */
export const nameOfPatterns = (patterns: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([...new Set(patterns)].toSorted()))
    .digest('hex')
    .slice(0, 16)
