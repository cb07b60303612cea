import { isLoopback } from '../../backups/remotes/address.ts'
import type { Issue } from '../../errors.ts'
import type { Row } from '../../model/define.ts'

/** What is wrong with where a NetBox is, with sending its token there, and with the choice of its devices. */
export function sourceProblems(row: Row): Issue[] {
  const problem = urlProblem(String(row['remote_url']), row['has_token'] === true)
  const unfit = filterProblem(String(row['device_filter']))
  return [
    ...(problem === undefined ? [] : [{ path: 'remote_url', message: problem }]),
    ...(unfit === undefined ? [] : [{ path: 'device_filter', message: unfit }]),
  ]
}

function urlProblem(text: string, hasToken: boolean): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    return 'A URL is needed that begins with https:// or http://.'
  // It would be shown to everybody who sees the source.
  if (url.username !== '' || url.password !== '')
    return 'A login in the URL would be seen by all: use the token.'
  if (url.search !== '' || url.hash !== '')
    return 'The URL has neither ? nor #: devices are chosen by `device_filter`.'
  if (hasToken && url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'A token is not sent without encryption: use https://.'
  return undefined
}

/** Parameters that shape the answer: the sync sets them itself. */
const ownParameters = ['limit', 'offset', 'start', 'ordering', 'format', 'fields', 'omit', 'exclude', 'brief']

export function filterProblem(text: string): string | undefined {
  if (/^\?|[#\s]/.test(text))
    return 'Parameters of a URL are needed, without ? and spaces: status=active&site=ams'
  const names = [...new URLSearchParams(text).keys()]
  const own = names.find((name) => ownParameters.includes(name))
  if (own !== undefined) return `${own} is set by the sync itself.`
  return names.includes('') || text.split('&').some((part) => part !== '' && !part.includes('='))
    ? 'Each parameter needs a name and a value: status=active&site=ams'
    : undefined
}

/** The first page of devices. @param remoteUrl with or without `/api/` */
export function devicesUrl(
  { remote_url, device_filter }: { remote_url: string; device_filter: string },
  parameters: Readonly<Record<string, string>>,
): URL {
  const url = new URL(`${baseOf(remote_url)}/api/dcim/devices/`)
  url.search = device_filter
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}

/** Names one NetBox, however its URL is written. */
export const baseOf = (remoteUrl: string): string => new URL(remoteUrl).href.replace(/(?:\/api)?\/*$/, '')
