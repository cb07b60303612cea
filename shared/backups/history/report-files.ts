import { filesFolder } from '../../core/job-files.ts'
import type { ObjectStore } from '../../objects.ts'
import type { UnmatchedFile } from './device-files.ts'
import type { DeviceReport } from './import-device.ts'

const deviceColumns = 'device_id,device,paths,found,imported,first,last,secrets,problem'
const unmatchedColumns = 'path,reason,changes'
const unmatchedName = 'unmatched.csv'

/** The files of a job that say what became of each device, and of the files that belong to none. */
export function historyFiles(work: ObjectStore, jobId: number) {
  const put = (name: string, lines: readonly string[]): Promise<void> =>
    work.put(`${filesFolder(jobId)}${name}`, `${lines.join('\n')}\n`, {
      contentType: 'text/csv; charset=utf-8',
    })
  return {
    putDevices: (file: number, reports: readonly DeviceReport[]): Promise<void> =>
      put(devicesName(file), [deviceColumns, ...reports.map(deviceLine)]),
    /** @returns the addresses of all files. */
    async close(files: number, unmatched: readonly UnmatchedFile[]): Promise<string[]> {
      const lines = unmatched.map(({ path, reason, changes }) => [quoted(path), reason, changes].join(','))
      await put(unmatchedName, [unmatchedColumns, ...lines])
      const names = Array.from({ length: files }, (_, index) => devicesName(index + 1))
      return [...names, unmatchedName].map((name) => `/api/core/jobs/${jobId}/files/${name}/`)
    },
  }
}

const devicesName = (file: number): string => `history-${file}.csv`

const deviceLine = (report: DeviceReport): string =>
  [
    report.deviceId,
    quoted(report.name),
    quoted(report.paths.join(' ')),
    report.found,
    report.versions,
    report.first ?? '',
    report.last ?? '',
    report.secrets,
    report.problem ?? '',
  ].join(',')

/** A spreadsheet takes what begins so for a formula. */
const quoted = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
