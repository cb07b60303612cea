/** XML as S3 writes and reads it: elements and text, nothing else. */
export type XmlTree = { [name: string]: XmlTree | XmlTree[] | string | number | boolean | undefined }

const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

export function xmlDocument(root: string, content: XmlTree, namespace = s3Namespace): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${elements(content)}</${root}>`
}

export function xmlError(code: string, message: string, resource: string, requestId: string): string {
  const content = elements({ Code: code, Message: message, Resource: resource, RequestId: requestId })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`
}

/** The text of every `<name>` inside `xml`, as it stands, in order. */
export function innerOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(
    ([, inner]) => inner ?? '',
  )
}

export function textOf(xml: string, name: string): string | undefined {
  const [inner] = innerOf(xml, name)
  return inner?.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16))
    if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)))
    return entities[entity] ?? whole
  })
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function elements(tree: XmlTree): string {
  return Object.entries(tree)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => element(name, one)))
    .join('')
}

function element(name: string, value: XmlTree | string | number | boolean | undefined): string {
  if (value === undefined) return ''
  return `<${name}>${typeof value === 'object' ? elements(value) : escape(String(value))}</${name}>`
}

function escape(text: string): string {
  // A carriage return would be normalised away by the reader; control characters are not XML at all.
  return text.replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
