/** Text that is markup already. */
export type Markup = { readonly markup: string }
type Part = string | number | undefined | Markup | readonly Markup[]

/**
 * HTML or SVG from a template: whatever is put in is escaped, in elements and in quoted attributes, unless it is markup
 * itself. Control characters that XML cannot hold are left out.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  const texts = parts.map((part, index) => `${part}${index < values.length ? written(values[index]) : ''}`)
  return { markup: texts.join('') }
}

function written(value: Part): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  return 'markup' in value ? value.markup : value.map((one) => one.markup).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(unwritable, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
