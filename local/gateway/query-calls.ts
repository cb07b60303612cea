import type { ServiceError } from '../service.ts'
import { xmlDocument, type XmlTree } from '../s3/xml.ts'
import type { Input } from './door.ts'

/**
 * The query protocol of AWS (SNS among others): a form as the request, XML as the answer.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const isQuery = (contentType: string | undefined): boolean =>
  contentType?.startsWith('application/x-www-form-urlencoded') ?? false

const namespaces: Record<string, string> = { sns: 'http://sns.amazonaws.com/doc/2010-03-31/' }
/** What the service calls a denial, where it is not AccessDenied. */
const denials: Record<string, string> = { sns: 'AuthorizationError' }

/** `Tags.member.1=x` becomes a list, `Attributes.entry.1.Name=n` and `….Value=v` a map. */
export function readQuery(body: string): { action: string; input: Input } {
  const form = new URLSearchParams(body)
  const tree = emptyTree()
  for (const [path, value] of form) place(tree, path.split('.'), value)
  return {
    action: form.get('Action') ?? '',
    input: Object.fromEntries(Object.entries(tree).map(([name, member]) => [name, valueOf(member)])),
  }
}

type Tree = { [name: string]: Tree | string }

/** Without a prototype: any name is only a name. */
const emptyTree = (): Tree => Object.create(null) as Tree

function place(tree: Tree, [name = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const inner = tree[name]
  const branch = typeof inner === 'object' ? inner : emptyTree()
  tree[name] = branch
  place(branch, rest, value)
}

function valueOf(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree
  const { member, entry } = tree
  if (typeof member === 'object') return Object.values(member).map(valueOf)
  if (typeof entry === 'object') return Object.fromEntries(Object.values(entry).map(pairOf))
  return Object.fromEntries(Object.entries(tree).map(([name, inner]) => [name, valueOf(inner)]))
}

/** The name is the first of the two, whatever a service calls them. */
function pairOf(entry: Tree | string): [string, unknown] {
  const [name = '', value = ''] = Object.values(entry)
  return [valueOf(name) as string, valueOf(value)]
}

type Call = { service: string; action: string; requestId: string }

export function queryAnswer({ service, action, requestId }: Call, output: string): string {
  const result = JSON.parse(output) as XmlTree
  return xmlDocument(
    `${action}Response`,
    { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
    namespaces[service],
  )
}

export function queryError(
  { service, requestId }: Omit<Call, 'action'>,
  { code, message, status }: ServiceError,
): { status: number; body: string } {
  const Code = code === 'AccessDeniedException' ? (denials[service] ?? 'AccessDenied') : code
  const Type = status >= 500 ? 'Receiver' : 'Sender'
  const content = { Error: { Type, Code, Message: message }, RequestId: requestId }
  return { status, body: xmlDocument('ErrorResponse', content, namespaces[service]) }
}
