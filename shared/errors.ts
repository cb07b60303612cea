/**
 * The one table of error codes: what a caller can act on, with its HTTP status and title.
 * Anything that is not an AppError is a bug and answers `internal` without detail.
 */
export const errorTable = {
  validation_failed: { status: 400, title: 'The request is not valid' },
  unknown_parameter: { status: 400, title: 'A parameter of this name does not exist' },
  duplicate: { status: 400, title: 'This value is already taken' },
  reference_missing: { status: 400, title: 'The referenced object does not exist' },
  malformed_body: { status: 400, title: 'The body cannot be read' },
  unauthenticated: { status: 401, title: 'A valid token is needed' },
  forbidden: { status: 403, title: 'You may not do this' },
  not_found: { status: 404, title: 'No such thing' },
  version_gone: { status: 410, title: 'This version was let go' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here' },
  in_use: { status: 409, title: 'Other objects still refer to it' },
  schedule_off: { status: 409, title: 'The schedule is switched off' },
  space_exhausted: { status: 409, title: 'There is not enough free space' },
  number_taken: { status: 409, title: 'Someone else was given it first' },
  hold_gone: { status: 409, title: 'The hold has run out, was confirmed or released' },
  already_answered: { status: 409, title: 'The same request was answered meanwhile' },
  rule_off: { status: 409, title: 'The rule is switched off' },
  rotation_open: { status: 409, title: 'The former secrets are still kept' },
  run_taken: { status: 409, title: 'Another execution works on this run' },
  run_paused: { status: 409, title: 'The run is paused' },
  run_finished: { status: 409, title: 'The run has already ended' },
  job_taken: { status: 409, title: 'Another execution works on this job' },
  job_finished: { status: 409, title: 'The job has already ended' },
  job_not_stopped: { status: 409, title: 'Only a job that was stopped can be resumed' },
  id_taken: { status: 409, title: 'This id is already taken' },
  count_mismatch: { status: 409, title: 'The filters match another number of objects than expected' },
  write_conflict: { status: 409, title: 'Too many writers at once: try again' },
  branch_moved: { status: 409, title: 'The branch moved while the commit was being built' },
  parent_changed: { status: 409, title: 'What it refers to is being changed: try again' },
  version_conflict: { status: 412, title: 'Someone else changed it first' },
  too_large: { status: 413, title: 'The request is too large' },
  too_many_attempts: { status: 429, title: 'Too many attempts: wait a while' },
  unsupported_media_type: { status: 415, title: 'This content type is not understood' },
  key_reused: { status: 422, title: 'This Idempotency-Key belongs to another request' },
  raw_mismatch: { status: 500, title: 'What is stored is not what was stored' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'A service this depends on does not answer: try again' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errorTable

/** One complaint about one place of the input. `path` is the field's name, or a path such as `tags.0.slug`. */
export type Issue = { path: string; message: string }

/**
 * The only error that is thrown on purpose. `name` is the code, so that a state machine's
 * Retry and Catch can match it.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly Issue[]
  /** Extra members of the problem document, for example `etag` or `allow`. */
  readonly extra: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    detail?: string,
    options: { cause?: unknown; issues?: readonly Issue[]; extra?: Record<string, unknown> } = {},
  ) {
    super(detail ?? errorTable[code].title, { cause: options.cause })
    this.name = code
    this.code = code
    this.issues = options.issues ?? []
    this.extra = options.extra ?? {}
  }
}
