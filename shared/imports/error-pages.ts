import type { ObjectStore } from '../objects.ts'
import type { ImportIssue } from './issues.ts'
import { jobFolder } from './job-notes.ts'
import { filesFolder } from '../core/job-files.ts'

/** Errors of one object: a page of the API reads two at most. */
const pageErrors = 1000

const pageKey = (jobId: number, page: number): string => `${jobFolder(jobId)}errors/${page}.json`

/** All errors of an import: in pages for the API, and as one file. */
export async function writeErrorPages(
  work: Pick<ObjectStore, 'put'>,
  jobId: number,
  issues: readonly ImportIssue[],
): Promise<void> {
  const options = { contentType: 'application/json' }
  for (let page = 0; page * pageErrors < issues.length; page++) {
    const some = issues.slice(page * pageErrors, (page + 1) * pageErrors)
    await work.put(pageKey(jobId, page), JSON.stringify(some), options)
  }
  await work.put(`${filesFolder(jobId)}errors.json`, JSON.stringify(issues, null, 1), options)
}

/** Some of the errors, in the order of the file. */
export async function readErrors(
  work: ObjectStore,
  jobId: number,
  { offset, limit }: { offset: number; limit: number },
): Promise<ImportIssue[]> {
  const found: ImportIssue[] = []
  const lastPage = Math.floor((offset + limit - 1) / pageErrors)
  for (let page = Math.floor(offset / pageErrors); page <= lastPage; page++) {
    const bytes = await work.get(pageKey(jobId, page))
    if (bytes === undefined) break
    const issues = JSON.parse(new TextDecoder().decode(bytes)) as ImportIssue[]
    const start = page * pageErrors
    found.push(...issues.slice(Math.max(0, offset - start), offset + limit - start))
  }
  return found
}
