import type { Key } from './keys.ts'

const only = '.'
const versionsBelowZero = 10_000_000_000
/** Versions in their order: those of an imported history have numbers below zero, and a minus sorts before digits. */
export const versionKey = (sequence: number): string =>
  sequence < 0
    ? `-${String(versionsBelowZero + sequence).padStart(10, '0')}`
    : String(sequence).padStart(10, '0')

/** What the table holds of stored configurations, beside what commits and the search have to do with them yet. */
export const versionKeys = {
  /** Stored configurations of a device, oldest first. */
  configVersion: (deviceId: number, sequence: number): Key => ({
    pk: `config-version#${deviceId}`,
    sk: versionKey(sequence),
  }),
  configVersions: (deviceId: number): string => `config-version#${deviceId}`,
  /** What is left of a version that was let go. */
  goneVersion: (deviceId: number, sequence: number): Key => ({
    pk: `gone-versions#${deviceId}`,
    sk: versionKey(sequence),
  }),
  goneVersions: (deviceId: number): string => `gone-versions#${deviceId}`,
  /** How far back the history of a device was imported. */
  importedHistory: (deviceId: number): Key => ({ pk: `imported-history#${deviceId}`, sk: only }),
  /** Says that a stored version names an object with a text, which others may name too. */
  textUse: (textKey: string, deviceId: number, sequence: number): Key => ({
    pk: `text-uses#${textKey}`,
    sk: `${deviceId}#${sequence}`,
  }),
  textUses: (textKey: string): string => `text-uses#${textKey}`,
  /** Under which key a text is stored from now on, where it is not the first. */
  textHead: (sha256: string): Key => ({ pk: `text-head#${sha256}`, sk: only }),
  /** Exists once every stored version is among the uses of its text. */
  textUsesComplete: (): Key => ({ pk: 'text-uses-complete', sk: only }),
  /** An object that a version named which was let go: to be deleted. */
  looseObject: (kind: 'text' | 'raw', objectKey: string): Key => ({ pk: `loose-${kind}`, sk: objectKey }),
  looseObjects: (kind: 'text' | 'raw'): string => `loose-${kind}`,
}
