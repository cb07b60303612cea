/** What can be wrong with a row, or with the file as a whole. */
export const issueCodes = {
  unreadable: 'the file, or a row of it, cannot be read as its format',
  unknown_column: 'no field has this name',
  repeated_column: 'two columns mean the same field',
  cell_count: 'the row has more or fewer cells than the header',
  invalid_value: 'the value is not of the kind, length or form that the field takes',
  invalid_choice: 'the field takes one of its choices only',
  required: 'a new object needs this field',
  reference_not_found: 'no object has this name',
  reference_ambiguous: 'several objects have this name',
  reference_bad: 'the object it refers to is another row of this file, which has errors',
  reference_cycle: 'rows of this file refer to each other in a ring',
  duplicate_in_file: 'an earlier row is about the same object, or has the same unique value',
  duplicate: 'another object has this unique value already',
  no_key: 'nothing in the row says which object it is about',
  not_found: 'no object has this id',
  version_conflict: 'the object has another version than the row says, or was changed while the import ran',
  rule: 'a rule of the model over several fields',
} as const
export type IssueCode = keyof typeof issueCodes

export type ImportIssue = {
  /** Place of the row among the rows, from 0; null for the file as a whole. */
  index: number | null
  /** Line of the file on which the row begins, from 1; null where no line can be told. */
  line: number | null
  column: string | null
  code: IssueCode
  message: string
  /** What may have been meant: a column, a choice, a name. */
  suggestion: string | null
}

/** A complaint before it is known of which row it is. */
export type Complaint = Pick<ImportIssue, 'column' | 'code' | 'message'> & { suggestion?: string | undefined }

export const issueAt = (
  { index, line }: Pick<ImportIssue, 'index' | 'line'>,
  { column, code, message, suggestion }: Complaint,
): ImportIssue => ({ index, line, column, code, message, suggestion: suggestion ?? null })

export const fileIssue = (code: IssueCode, message: string, line: number | null = null): ImportIssue =>
  issueAt({ index: null, line }, { column: null, code, message })
