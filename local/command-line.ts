import { parseArgs } from 'node:util'

export type CommandLine = {
  dataDir: string
  port: number
  reset: boolean
  /** What a deployment chooses, by `--context name=value`. */
  context: Record<string, string>
}

/** The options of `npm start`, `npm run demo` and `npm run create-admin`. @throws Error with what is wrong, for the terminal. */
export function readCommandLine(
  defaults: { dataDir: string; port: number },
  arguments_: readonly string[] = process.argv.slice(2),
): CommandLine {
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      data: { type: 'string', default: defaults.dataDir },
      port: { type: 'string', default: String(defaults.port) },
      reset: { type: 'boolean', default: false },
      context: { type: 'string', multiple: true, default: [] },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port is a number from 0 (any) to 65535, not ${values.port}`)
  const context = Object.fromEntries(values.context.map(choiceOf))
  return { dataDir: values.data, port, reset: values.reset, context }
}

function choiceOf(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Error(`--context is name=value, not ${text}`)
  return [name, value]
}
