/** One thing in the template that cannot be hosted: where it is and why. */
export type TemplateProblem = { stack: string; logicalId: string; what: string }

/** Thrown once at start, with every problem of the template, so that one look is enough. */
export class TemplateError extends Error {
  readonly problems: readonly TemplateProblem[]

  constructor(problems: readonly TemplateProblem[]) {
    const lines = problems.map(({ stack, logicalId, what }) => `  ${stack}/${logicalId}: ${what}`)
    super(`The local runtime cannot host this template:\n${lines.join('\n')}`)
    this.name = 'TemplateError'
    this.problems = problems
  }
}

/** Thrown while one value is resolved; the reader turns it into a problem of the resource it stands in. */
export class Unresolvable extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'Unresolvable'
  }
}
