import { S3Client } from '@aws-sdk/client-s3'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod'
import { buildSite } from './site/build-site.ts'
import { publishSite } from './site/publish.ts'

/**
 * `node local/publish-site.ts OUTPUTS`: puts the console into the bucket that a deployment made, with the credentials
 * of whoever deploys. OUTPUTS is the file that `cdk deploy --outputs-file` wrote.
 */
const Outputs = z.object({ 'netkeep-web': z.object({ SiteBucket: z.string(), Url: z.url() }) })

const [, , outputsFile = ''] = process.argv
const { 'netkeep-web': web } = Outputs.parse(JSON.parse(readFileSync(outputsFile, 'utf8')))
const folder = await buildSite(resolve(import.meta.dirname, '..'), 'web/build.ts')
const written = await publishSite(new S3Client({}), web.SiteBucket, folder)
console.log(`${written.length} files of the console were new; it answers at ${web.Url}`)
