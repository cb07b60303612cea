import { nearest } from '../model/nearest.ts'
import type { Field } from '../model/fields.ts'
import type { IssueCode } from './issues.ts'

/** A cell as a value that the model's input takes, or what is wrong with it. */
export type CellValue = { value: unknown } | { problem: string; code: IssueCode; suggestion?: string }

/**
 * A spreadsheet takes what begins so for a formula (OWASP, CSV injection). Exports put an apostrophe before it, and
 * before apostrophes that stand there already; imports take one off: every text comes back as it was.
 */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/

export const guardFormula = (text: string): string => (formula.test(text) ? `'${text}` : text)

export const unguardFormula = (text: string): string =>
  text.startsWith("'") && formula.test(text) ? text.slice(1) : text

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  n: false,
  off: false,
  '0': false,
}

const invalid = (problem: string): CellValue => ({ problem, code: 'invalid_value' })

/**
 * Reads the value of one field from a file. Texts become what the field is made of; what is no text (JSON, YAML) is
 * left to the model's own schema. References are read elsewhere (`shared/imports/references.ts`).
 */
export function readCell(field: Field, given: unknown): CellValue {
  if (typeof given !== 'string') return { value: given }
  if (field.kind === 'choice') return readChoice(field.choices, given)
  if (field.kind === 'list') return readList(field.of, given)
  if (field.kind === 'json') return readJson(given)
  if (field.kind === 'bool') {
    const truth = truths[given.trim().toLowerCase()]
    return truth === undefined ? invalid('true or false is expected.') : { value: truth }
  }
  const number = numbers[field.kind]
  if (number === undefined) return { value: given }
  return number.pattern.test(given) ? { value: Number(given) } : invalid(number.problem)
}

const numbers: Partial<Record<Field['kind'], { pattern: RegExp; problem: string }>> = {
  int: { pattern: /^\s*[-+]?\d{1,16}\s*$/, problem: 'A whole number is expected.' },
  decimal: { pattern: /^\s*[-+]?\d{1,16}(?:\.\d{1,10})?\s*$/, problem: 'A number such as 12.5 is expected.' },
}

/** A choice by its value or its label, in any case. */
function readChoice(choices: Readonly<Record<string, string>>, given: string): CellValue {
  const text = given.trim()
  if (Object.hasOwn(choices, text)) return { value: text }
  const wanted = text.toLowerCase()
  const found = Object.entries(choices).find(
    ([value, label]) => value.toLowerCase() === wanted || label.toLowerCase() === wanted,
  )
  if (found !== undefined) return { value: found[0] }
  const names = Object.keys(choices)
  const [suggestion] = nearest(text, names)
  const shown = names.length <= 20 ? ` There is ${names.map((name) => `"${name}"`).join(', ')}.` : ''
  return {
    problem: `"${text.slice(0, 100)}" is not a choice.${shown}`,
    code: 'invalid_choice',
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function readJson(given: string): CellValue {
  try {
    return { value: JSON.parse(given) as unknown }
  } catch {
    return invalid('JSON is expected.')
  }
}

function readList(of: Field, given: string): CellValue {
  const members = splitList(given)
  if (members === undefined) return invalid('Values with commas between, or a JSON list, are expected.')
  const values: unknown[] = []
  for (const member of members) {
    const read = readCell(of, member)
    if ('problem' in read) return read
    values.push(read.value)
  }
  return { value: values }
}

/** Members of a cell: with commas between, or as a JSON list. Undefined for broken JSON. */
export function splitList(text: string): unknown[] | undefined {
  if (!text.trim().startsWith('['))
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}

/** The other way: members in one cell, so that `splitList` gives them back. */
export const joinList = (members: readonly (string | number)[]): string =>
  members.every((member) => !/^\s|^\[|,|\s$|^$/.test(String(member)))
    ? members.join(',')
    : JSON.stringify(members)
