/** What isomorphic-git asks of a file system, as far as reading a pack goes. */
export type MemoryFiles = { promises: ReturnType<typeof operations> }

/**
 * Files that are in memory only: a repository of configurations is full of secrets, and must not be left on a disk that
 * the next invocation finds. Folders are there as soon as a file is below them.
 */
export function memoryFiles(files: Map<string, Buffer>): MemoryFiles {
  return { promises: operations(files) }
}

const operations = (files: Map<string, Buffer>) => {
  const kindOf = (path: string): 'file' | 'folder' => {
    if (files.has(path)) return 'file'
    for (const name of files.keys()) if (name.startsWith(`${path}/`)) return 'folder'
    throw absent(path)
  }
  // Callers expect rejections, never exceptions.
  const stat = async (path: string) => {
    const kind = kindOf(path)
    return {
      isFile: () => kind === 'file',
      isDirectory: () => kind === 'folder',
      isSymbolicLink: () => false,
    }
  }
  return {
    async readFile(path: string, options?: string | { encoding?: string }): Promise<Buffer | string> {
      const found = files.get(path)
      if (found === undefined) throw absent(path)
      const encoding = typeof options === 'string' ? options : options?.encoding
      return encoding === undefined ? found : found.toString('utf8')
    },
    async writeFile(path: string, content: Uint8Array | string): Promise<void> {
      files.set(path, typeof content === 'string' ? Buffer.from(content) : Buffer.from(content))
    },
    async readdir(path: string): Promise<string[]> {
      const below = [...files.keys()].filter((name) => name.startsWith(`${path}/`))
      if (below.length === 0) throw absent(path)
      return [...new Set(below.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))]
    },
    stat,
    lstat: stat,
    mkdir: async (): Promise<void> => {},
    rmdir: async (): Promise<void> => {},
    unlink: async (path: string): Promise<void> => void files.delete(path),
    readlink: (path: string): Promise<string> => Promise.reject(absent(path)),
    symlink: (_target: string, path: string): Promise<void> => Promise.reject(absent(path)),
  }
}

const absent = (path: string): Error => Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
