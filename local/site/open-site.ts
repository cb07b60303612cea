import { S3Client } from '@aws-sdk/client-s3'
import { type Answering, inFrontOf } from '../http/distribution.ts'
import type { Host } from '../service.ts'
import type { TemplateResources } from '../template/resources.ts'
import { buildSite } from './build-site.ts'
import { publishSite } from './publish.ts'
import { fileReader } from './read-file.ts'

/** The site's files, in the making while the rest of the runtime starts. */
export type SiteFolder = Promise<string> | undefined

export function startBuilding({ distributions }: TemplateResources, projectDir: string): SiteFolder {
  const builder = distributions.at(0)?.siteBuilder
  if (builder === undefined) return undefined
  const folder = buildSite(projectDir, builder)
  // Whoever awaits it hears of a failure; until then it is not an unhandled one.
  folder.catch(() => undefined)
  return folder
}

/**
 * Puts the built files into the site's bucket, as a deployment does, and hosts the distribution of the template.
 * @returns the API as it is where there is no distribution.
 */
export async function openSite(host: Host, building: SiteFolder): Promise<(api: Answering) => Answering> {
  const [distribution, ...others] = host.resources.distributions
  if (distribution === undefined) return (api) => api
  if (others.length > 0) throw new Error('The local runtime has one door, so it hosts one distribution')
  const bucket = distribution.behaviours
    .map(({ origin }) => ('bucket' in origin ? origin.bucket : undefined))
    .find((name) => name !== undefined)
  const folder = await building
  if (bucket !== undefined && folder !== undefined) {
    const client = new S3Client(host.sdk({ kind: 'operator' }))
    await publishSite(client, bucket, folder)
    client.destroy()
  }
  return (api) => inFrontOf(api, distribution, fileReader(host, distribution))
}
