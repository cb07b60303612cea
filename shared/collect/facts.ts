import { factNames, type Fact, type FactName, type Platform } from '../platforms/definition.ts'

/** What a device says of itself, as fields; those that could not be read are absent. */
export type Facts = Partial<Record<FactName, string>>

/** The texts that facts are read from, as the device printed them. */
export type FactTexts = Partial<Record<Fact['of'], string>>

/** No name, serial number or version is longer: what is longer is something else. */
const longestFact = 128

/** Reads the fields out of the texts, by the platform's patterns in their order. */
export function factsIn(platform: Platform, texts: FactTexts): Facts {
  const facts: Facts = {}
  for (const { of, pattern } of platform.facts ?? []) {
    const groups = new RegExp(pattern.source, 'm').exec(texts[of] ?? '')?.groups
    if (!groups) continue
    for (const name of factNames) {
      const value = groups[name]?.trim()
      if (value && value.length <= longestFact) facts[name] ??= value
    }
  }
  return facts
}
