import { exampleOf } from './example.ts'
import type { Document, Parameter, Place } from './document.ts'

/** A call of the operation for a shell, with what it must have. */
export function curlOf(document: Document, { method, path, operation, parameters }: Place): string {
  const url = `${document.servers[0].url}${withParameters(path, parameters, method)}`
  const body = operation.requestBody?.content['application/json']?.schema
  const lines = [
    method === 'get' ? 'curl' : `curl -X ${method.toUpperCase()}`,
    ...(operation.security?.length === 0 ? [] : ['-H "Authorization: Token $NETKEEP_TOKEN"']),
    ...(body === undefined
      ? []
      : [
          "-H 'Content-Type: application/json'",
          `-d ${quoted(JSON.stringify(exampleOf(document, body, { requiredOnly: true })))}`,
        ]),
    quoted(url),
  ]
  return lines.join(' \\\n  ')
}

function withParameters(path: string, parameters: readonly Parameter[], method: string): string {
  const filled = path.replaceAll(/\{\w+\}/g, '1')
  const needed = parameters.filter(({ in: place, required }) => place === 'query' && required === true)
  const isList = method === 'get' && parameters.some(({ name }) => name === 'limit')
  const query = [...needed.map(({ name }) => `${name}=1`), ...(isList ? ['limit=10'] : [])].join('&')
  return query === '' ? filled : `${filled}?${query}`
}

/** For a POSIX shell: nothing in single quotes is special but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
