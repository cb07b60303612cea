import { factNames, type Fact, type FactName, type Platform } from '../platforms/definition.ts'

/** What a device says of itself, as fields; those that could not be read are absent. */
export type Facts = Partial<Record<FactName, string>>

/** The texts that facts are read from, as the device printed them. */
export type FactTexts = Partial<Record<Fact['of'], string>>

/** The fields, and of each the line it was read from. */
export type ReadFacts = { facts: Facts; lines: Facts }

/** No name, serial number or version is longer: what is longer is something else. */
const longestFact = 128
const longestLine = 200

/** Reads the fields out of the texts, by the platform's patterns in their order. */
export function factsIn(platform: Platform, texts: FactTexts): ReadFacts {
  const facts: Facts = {}
  const lines: Facts = {}
  for (const { of, pattern } of platform.facts ?? []) {
    const text = texts[of] ?? ''
    const match = new RegExp(pattern.source, 'dm').exec(text)
    if (!match?.groups) continue
    for (const name of factNames) {
      const value = match.groups[name]?.trim()
      if (!value || value.length > longestFact || facts[name] !== undefined) continue
      facts[name] = value
      lines[name] = lineUpTo(text, match.indices?.groups?.[name]?.[1] ?? 0)
    }
  }
  return { facts, lines }
}

/** Nothing of what follows the value: in a configuration that may be anything, a password too. */
function lineUpTo(text: string, end: number): string {
  const start = text.lastIndexOf('\n', end - 1) + 1
  return text.slice(Math.max(start, end - longestLine), end).trim()
}
