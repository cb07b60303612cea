import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** One version of an object, or a delete marker. `file` names its bytes. */
export type StoredObject = {
  bucket: string
  key: string
  versionId: string
  isDeleteMarker: boolean
  sizeBytes: number
  etag: string
  modifiedAt: string
  /** Response headers kept with the object: content-type, x-amz-meta-…, x-amz-checksum-… */
  headers: Record<string, string>
  file: string
}

export type ListRange = { bucket: string; prefix: string; after: string; limit: number }

/** What exists: the commit point of every write. The bytes lie beside it in files that never change. */
export class ObjectIndex {
  readonly #database: DatabaseSync

  constructor(file: string) {
    this.#database = new DatabaseSync(file)
    // WAL with NORMAL survives the end of the process at any point; a power failure may lose the last writes.
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS objects (
        bucket TEXT NOT NULL, key TEXT NOT NULL, sequence INTEGER NOT NULL, version_id TEXT NOT NULL,
        is_latest INTEGER NOT NULL, is_delete_marker INTEGER NOT NULL, size_bytes INTEGER NOT NULL,
        etag TEXT NOT NULL, modified_at TEXT NOT NULL, headers TEXT NOT NULL, file TEXT NOT NULL,
        PRIMARY KEY (bucket, key, sequence)
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS latest ON objects (bucket, key) WHERE is_latest = 1 AND is_delete_marker = 0;
    `)
  }

  latest(bucket: string, key: string): StoredObject | undefined {
    return this.#one('bucket = ? AND key = ? AND is_latest = 1', bucket, key)
  }

  version(bucket: string, key: string, versionId: string): StoredObject | undefined {
    return this.#one('bucket = ? AND key = ? AND version_id = ?', bucket, key, versionId)
  }

  /** Adds a version; without versioning it takes the place of the old one. Returns files no longer needed. */
  add(object: StoredObject, isVersioned: boolean): string[] {
    return this.#atOnce(() => {
      const { bucket, key } = object
      const dropped = isVersioned ? [] : this.#files('bucket = ? AND key = ?', bucket, key)
      if (isVersioned) this.#run('UPDATE objects SET is_latest = 0 WHERE bucket = ? AND key = ?', bucket, key)
      else this.#run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucket, key)
      this.#run(
        `INSERT INTO objects SELECT ?, ?, coalesce(max(sequence), 0) + 1, ?, 1, ?, ?, ?, ?, ?, ?
         FROM objects WHERE bucket = ? AND key = ?`,
        bucket,
        key,
        object.versionId,
        Number(object.isDeleteMarker),
        object.sizeBytes,
        object.etag,
        object.modifiedAt,
        JSON.stringify(object.headers),
        object.file,
        bucket,
        key,
      )
      return dropped
    })
  }

  /** Removes every version of a key, or one of them; the newest that is left becomes the latest. */
  remove(bucket: string, key: string, versionId?: string): string[] {
    return this.#atOnce(() => {
      const which = `bucket = ? AND key = ?${versionId === undefined ? '' : ' AND version_id = ?'}`
      const values = versionId === undefined ? [bucket, key] : [bucket, key, versionId]
      const dropped = this.#files(which, ...values)
      this.#run(`DELETE FROM objects WHERE ${which}`, ...values)
      this.#run(
        `UPDATE objects SET is_latest = 1 WHERE bucket = ? AND key = ?
         AND sequence = (SELECT max(sequence) FROM objects WHERE bucket = ? AND key = ?)`,
        bucket,
        key,
        bucket,
        key,
      )
      return dropped
    })
  }

  /** In the order of the keys' UTF-8 bytes, as S3 lists them. */
  list({ bucket, prefix, after, limit }: ListRange): StoredObject[] {
    const start = after >= prefix ? 'key > ?' : 'key >= ?'
    return this.#all(
      `bucket = ? AND ${start} AND key < ? AND is_latest = 1 AND is_delete_marker = 0 ORDER BY key LIMIT ?`,
      bucket,
      after >= prefix ? after : prefix,
      endOf(prefix),
      limit,
    )
  }

  versions({ bucket, prefix, after, limit }: ListRange): (StoredObject & { isLatest: boolean })[] {
    const rows = this.#all(
      'bucket = ? AND key > ? AND key >= ? AND key < ? ORDER BY key, sequence DESC LIMIT ?',
      bucket,
      after,
      prefix,
      endOf(prefix),
      limit,
    )
    const seen = new Set<string>()
    return rows.map((row) => {
      const isLatest = !seen.has(row.key)
      seen.add(row.key)
      return { ...row, isLatest }
    })
  }

  files(): Set<string> {
    return new Set(this.#files('1 = 1'))
  }

  close(): void {
    this.#database.close()
  }

  #all(where: string, ...values: SQLInputValue[]): StoredObject[] {
    return this.#database
      .prepare(`SELECT * FROM objects WHERE ${where}`)
      .all(...values)
      .map(fromRow)
  }

  #one(where: string, ...values: SQLInputValue[]): StoredObject | undefined {
    return this.#all(`${where} LIMIT 1`, ...values)[0]
  }

  #files(where: string, ...values: SQLInputValue[]): string[] {
    const rows = this.#database
      .prepare(`SELECT file FROM objects WHERE ${where} AND file <> ''`)
      .all(...values)
    return rows.map((row) => String(row['file']))
  }

  #run(statement: string, ...values: SQLInputValue[]): void {
    this.#database.prepare(statement).run(...values)
  }

  #atOnce<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

/** The last code point sorts after anything that may follow the prefix. */
export function endOf(prefix: string): string {
  return `${prefix}\u{10FFFF}`
}

function fromRow(row: Record<string, unknown>): StoredObject {
  return {
    bucket: String(row['bucket']),
    key: String(row['key']),
    versionId: String(row['version_id']),
    isDeleteMarker: row['is_delete_marker'] === 1,
    sizeBytes: Number(row['size_bytes']),
    etag: String(row['etag']),
    modifiedAt: String(row['modified_at']),
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    file: String(row['file']),
  }
}
