import type { Match, Unmatched } from './match-paths.ts'
import type { Commit, FileChange, Repository } from './repository.ts'

/** Every change of the files of one device, oldest first. */
export type DeviceFiles = { deviceId: number; paths: string[]; changes: FileChange[]; isAmbiguous: boolean }
export type UnmatchedFile = { path: string; reason: Unmatched; changes: number }

/**
 * Goes through a history, and puts the changes of each device together. A file that is moved goes on as the same device;
 * two files that stand there at once for one device are ambiguous.
 * @param onCommit is told how many commits were read.
 */
export async function deviceFiles(
  repository: Pick<Repository, 'changes'>,
  commits: readonly Commit[],
  matchOf: (path: string) => Match,
  onCommit: (done: number) => Promise<void>,
): Promise<{ devices: DeviceFiles[]; unmatched: UnmatchedFile[] }> {
  const known = new Map(commits.map((commit) => [commit.oid, commit]))
  const matches = new Map<string, Match>()
  const devices = new Map<number, Gathered>()
  const unmatched = new Map<string, UnmatchedFile>()
  for (const [index, commit] of commits.entries()) {
    const touched = new Set<Gathered>()
    for (const change of await repository.changes(commit, known)) {
      const { path } = change
      const match = matches.get(path) ?? matchOf(path)
      matches.set(path, match)
      if ('reason' in match) {
        const before = unmatched.get(path)?.changes ?? 0
        unmatched.set(path, { path, reason: match.reason, changes: before + 1 })
      } else touched.add(gather(devices, match.deviceId, change))
    }
    // Only when the whole commit is known: moving a file is an addition and a removal.
    for (const device of touched) device.isAmbiguous ||= device.standing.size > 1
    await onCommit(index + 1)
  }
  return {
    devices: [...devices.values()]
      .map(({ deviceId, paths, changes, isAmbiguous }) => ({
        deviceId,
        paths: [...paths],
        changes,
        isAmbiguous,
      }))
      .sort((a, b) => a.deviceId - b.deviceId),
    unmatched: [...unmatched.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

type Gathered = Omit<DeviceFiles, 'paths'> & { paths: Set<string>; standing: Set<string> }

function gather(devices: Map<number, Gathered>, deviceId: number, change: FileChange): Gathered {
  const device = devices.get(deviceId) ?? {
    deviceId,
    paths: new Set<string>(),
    standing: new Set<string>(),
    changes: [],
    isAmbiguous: false,
  }
  devices.set(deviceId, device)
  device.paths.add(change.path)
  if (change.blob === undefined) device.standing.delete(change.path)
  else {
    device.standing.add(change.path)
    device.changes.push(change)
  }
  return device
}
