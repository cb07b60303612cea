import { markup, type Markup } from '../markup.ts'
import { placesOf, resolved, type Document, type Place } from './document.ts'
import { curlOf } from './curl.ts'
import { exampleOf } from './example.ts'
import { parameterTable, schemaTable } from './schema-table.ts'

/** Where the pages are: the path prefix of a proxy in front of us, or nothing. */
type Base = string

/** All operations by area, or those in which every word of `q` is found. No script: a form asks the server. */
export function indexPage(document: Document, base: Base, q: string): string {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const places = placesOf(document).filter((place) => words.every((word) => searchText(place).includes(word)))
  const groups = document.tags.flatMap(({ name, description }) => {
    const own = places.filter(({ operation }) => operation.tags.includes(name))
    return own.length === 0 ? [] : [{ name, description, own }]
  })
  const links = groups.map(({ name, own }) => markup`<li><a href="#${name}">${name}</a> ${own.length}</li>`)
  const sections = groups.map(
    ({ name, description, own }) => markup`<section id="${name}"><h2>${name}</h2><p>${description}</p>
<table class="operations"><tbody>${own.map((place) => operationRow(base, place))}</tbody></table></section>`,
  )
  const found =
    words.length === 0 ? undefined : markup`<p role="status">${places.length} operations found.</p>`
  return page(base, {
    title: `${document.info.title} API ${document.info.version}`,
    body: markup`<p>${document.info.description} The same as <a href="${base}/api/schema/">OpenAPI 3.1</a>.
Send <code>Authorization: Token nkp_…</code>. Unknown parameters and fields are refused, with the nearest names.</p>
<form action="${base}/api/docs/" method="get" role="search"><label for="q">Search</label>
<input id="q" name="q" type="search" value="${q}" autofocus><button>Search</button></form>${found ?? markup``}
<nav aria-label="Areas"><ul class="areas">${links}</ul></nav>${sections}`,
  })
}

const searchText = ({ method, path, operation, parameters }: Place): string =>
  [
    method,
    path,
    operation.summary,
    operation.operationId,
    ...operation.tags,
    ...parameters.filter(({ name }) => !name.includes('__')).map(({ name }) => name),
  ]
    .join(' ')
    .toLowerCase()

const operationRow = (base: Base, { method, path, operation }: Place): Markup =>
  markup`<tr><td>${methodMark(method)}</td><td><a href="${base}/api/docs/operations/${operation.operationId}/"><code>${path}</code></a></td><td>${operation.summary}</td></tr>`

const methodMark = (method: string): Markup =>
  markup`<span class="method ${method}">${method.toUpperCase()}</span>`

/** One operation whole: parameters, body, answers, and how curl calls it. Undefined where there is none of the name. */
export function operationPage(document: Document, base: Base, operationId: string): string | undefined {
  const place = placesOf(document).find(({ operation }) => operation.operationId === operationId)
  if (place === undefined) return undefined
  const { method, path, operation, parameters } = place
  const { description, 'x-permission': permission, security } = operation
  const isPublic = security?.length === 0
  const body = operation.requestBody?.content['application/json']?.schema
  const needs = isPublic ? 'no token' : permission === undefined ? 'a token' : permission
  return page(base, {
    title: `${method.toUpperCase()} ${path}`,
    body: markup`<p>${operation.summary}.${description === undefined ? markup`` : markup` ${description}`}
Needs <code>${needs}</code>.</p>
<h2>Call</h2><pre><code>${curlOf(document, place)}</code></pre>
${parameters.length === 0 ? markup`` : markup`<h2>Parameters</h2>${parameterTable(document, parameters)}`}
${body === undefined ? markup`` : markup`<h2>Body</h2>${schemaTable(document, body)}`}
<h2>Answers</h2>${answersOf(document, place)}`,
  })
}

function answersOf(document: Document, { operation }: Place): Markup[] {
  return Object.entries(operation.responses).map(([status, given]) => {
    const { description, content } = resolved(document, given)
    const [[type, media] = []] = Object.entries(content ?? {})
    const schema = media?.schema
    const isProblem = type === 'application/problem+json'
    const title = status === 'default' ? 'any other' : status
    const heading = markup`<h3>${title} ${isProblem ? 'a problem' : (description ?? '')} ${
      type === undefined ? markup`` : markup`<code>${type}</code>`
    }</h3>`
    if (isProblem || schema === undefined) return heading
    const example = JSON.stringify(exampleOf(document, schema), undefined, 2)
    return markup`${heading}${schemaTable(document, schema)}<details><summary>Example</summary><pre><code>${example}</code></pre></details>`
  })
}

function page(base: Base, { title, body }: { title: string; body: Markup }): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${base}/api/docs/style.css"></head>
<body><header><a href="${base}/api/docs/">netkeep API</a></header><main><h1>${title}</h1>${body}</main></body></html>
`.markup
}
