import type { AttributeValue } from 'aws-lambda'

/** An item of a stream record as plain data. Sets and bytes do not occur in the items that are read this way. */
export function readImage(image: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, readValue(value)]))
}

function readValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S
  if (value.N !== undefined) return Number(value.N)
  if (value.BOOL !== undefined) return value.BOOL
  if (value.M !== undefined) return readImage(value.M)
  if (value.L !== undefined) return value.L.map(readValue)
  if (value.NULL !== undefined) return null
  throw new Error(`an attribute of the type ${Object.keys(value).join()}`)
}
