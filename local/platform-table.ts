import { readdirSync, readFileSync } from 'node:fs'
import { dialects } from './lab/dialects.ts'
import type { Completeness, Platform, Step } from '../shared/platforms/definition.ts'
import { platforms } from '../shared/platforms/list.ts'

/** One platform as people read it: every column is words. */
export type PlatformRow = {
  id: string
  name: string
  serves: string
  paging: string
  privilege: string
  configuration: string
  complete: string
  facts: string
  tested: string
  doubts: string
  sources: string
}

const fixtures = new URL('../tests/platforms/', import.meta.url)

/** Every platform there is, in order, with what its definition says and what it is tested by. */
export function platformRows(): PlatformRow[] {
  const files = readdirSync(fixtures)
  return platforms.map((platform) => ({
    id: platform.id,
    name: platform.name,
    serves: [platform.id, ...(platform.aliases ?? [])].join(', '),
    paging: pagingOf(platform),
    privilege: [platform.privilege ?? []]
      .flat()
      .map(({ command }) => command)
      .join(', then '),
    configuration: [
      platform.captures.running.command,
      ...(platform.captures.running.alternatives ?? []),
    ].join(' · '),
    complete: completeOf(platform.captures.running.complete),
    facts: factsOf(platform),
    tested: testedBy(platform, files),
    doubts: doubtsOf(platform),
    sources: platform.sources.join('; '),
  }))
}

const pagingCommand =
  /leng?th|len 0|page|paging|pager|pagin|datadump|more|clienv|screen-length|rows|lines|raw-output/i

function pagingOf({ onOpen, pagers, usernameSuffix }: Platform): string {
  if (usernameSuffix !== undefined) return `off by the login name (${usernameSuffix})`
  const off = onOpen.map((step: Step) => step.send).filter((send) => pagingCommand.test(send))
  if (off.length > 0) return off.join(' · ')
  return pagers.length > 0 ? 'pages are answered' : 'none'
}

function completeOf(complete: Completeness): string {
  if ('lastLine' in complete) return `last line ${complete.lastLine.source}`
  if ('balanced' in complete) return 'braces close'
  return `shows ${complete.contains.map(({ source }) => source).join(' and ')}; prompt asked for again`
}

const factsOf = ({ facts = [] }: Platform): string =>
  ['hostname', 'model', 'serial', 'version']
    .filter((name) => facts.some(({ pattern }) => pattern.source.includes(`?<${name}>`)))
    .join(', ')

/** From the strongest on: a real one, a recorded session, one after the manual, a simulated device, single lines. */
function testedBy({ id, sources }: Platform, files: readonly string[]): string {
  const kinds = new Set(
    files.filter((file) => file.startsWith(`${id}#`)).map((file) => file.split('#')[2]?.replace('.json', '')),
  )
  const sessions = files.filter((file) => file.startsWith(`${id}#`) && file.endsWith('#session.json'))
  const isOfPublicRecordings = sources.some((source) => source.includes('captured session'))
  return [
    files.includes(`${id}.test.ts`) ? 'a real one' : '',
    isOfPublicRecordings || sessions.some(isRecorded) ? 'a recorded session' : '',
    sessions.some((file) => !isRecorded(file)) ? 'a session after the manual' : '',
    dialects.some(({ deviceType }) => deviceType === id) ? 'a simulated device' : '',
    ['prompts', 'secrets', 'facts'].filter((kind) => kinds.has(kind)).join(', '),
  ]
    .filter((text) => text !== '')
    .join('; ')
}

/** By netkeep itself (`docs/recordings.md`); others are written by hand. */
const isRecorded = (file: string): boolean =>
  'recorded' in JSON.parse(readFileSync(new URL(encodeURIComponent(file), fixtures), 'utf8'))

const doubtsOf = ({ unsure, missing = {} }: Platform): string =>
  [
    ...(unsure ?? []).map((text) => `not confirmed: ${text}`),
    ...Object.entries(missing).map(([name, text]) => `${name}: ${text}`),
  ].join('; ')

/** The same as a page of the documentation. */
export function platformPage(rows: readonly PlatformRow[]): string {
  const names = rows.flatMap(({ serves }) => serves.split(', '))
  const cell = (text: string): string => text.replaceAll('|', String.raw`\|`)
  const code = (text: string): string =>
    text
      .split(' · ')
      .map((part) => `\`${cell(part)}\``)
      .join(' · ')
  const table = rows.map(({ id, name, serves, paging, privilege, configuration, complete, facts, tested }) =>
    [
      `\`${id}\` ${cell(name)}`,
      serves.replace(`${id}, `, '').replace(id, ''),
      paging.startsWith('pages') || paging === 'none' ? paging : code(paging),
      privilege === '' ? '' : code(privilege),
      code(configuration),
      code(complete),
      facts,
      tested,
    ].join(' | '),
  )
  return `# Platforms

Made from the data by \`npm run platforms -- --write\`; a test tells when it is not current.

${rows.length} platforms serve ${names.length} device types, each also with \`_ssh\` behind its name, and with \`_telnet\` over telnet.
A device without a platform is recognised: by what its SSH server calls itself and what it shows at login as hints, by the answer to a version
command as proof. A new platform is one file in \`shared/platforms/\`, one line in its \`list.ts\`, and fixtures in \`tests/platforms/\`.
[A session that was recorded](recordings.md) is such a fixture.

Where switching paging off would change the configuration of a device, its pages are answered instead. A configuration is complete when it shows
its end; where a platform prints none, it must show what every configuration has, and the device must show its prompt once more.

| Platform | also serves | paging | privilege | configuration | complete | facts | tested by |
|---|---|---|---|---|---|---|---|
${table.map((line) => `| ${line} |`).join('\n')}

## What is not confirmed, and what is missing

${rows
  .filter(({ doubts }) => doubts !== '')
  .map(({ id, doubts }) => `- \`${id}\`: ${doubts}`)
  .join('\n')}

## Sources

${rows.map(({ id, sources }) => `- \`${id}\`: ${sources}`).join('\n')}
`
}
