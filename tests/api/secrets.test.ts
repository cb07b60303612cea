import { rmSync } from 'node:fs'
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newFolder } from '../support/product.ts'
import { filesWith } from '../support/secrets.ts'
import { adminToken } from '../../local/admin-token.ts'
import { startRuntime } from '../../local/runtime.ts'

type Shown = Record<string, unknown> & { id: number }
type ObjectChange = { action: { value: string }; prechange_data: unknown; postchange_data: unknown }

const secrets = {
  password: 'First-Word-4711',
  private_key: generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'sec1', format: 'pem' })
    .toString(),
  enable_secret: 'Enable-Word-8822',
}
const laterPassword = 'Second-Word-0815'
const allSecrets = [...Object.values(secrets), secrets.private_key.split('\n')[1] ?? '', laterPassword]

describe('a credential that is made, renamed, changed and deleted through the API', () => {
  const dataDir = newFolder('secrets')
  const answers: string[] = []
  let changes: ObjectChange[]

  beforeAll(async () => {
    const runtime = await startRuntime({ dataDir, port: 0, isThrottled: false })
    const token = await adminToken(runtime)
    const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const response = await fetch(`${runtime.url}/api${path}`, {
        method,
        headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const answer = await response.text()
      answers.push(answer)
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`)
      return (answer === '' ? undefined : JSON.parse(answer)) as T
    }
    const { id } = await call<Shown>('POST', '/backups/credentials/', {
      name: 'Findable-Name-1',
      username: 'netops',
      ...secrets,
    })
    const path = `/backups/credentials/${id}/`
    await call('PATCH', path, { name: 'Findable-Name-2' })
    await call('PATCH', path, { password: laterPassword })
    await call('GET', path)
    // A refused body must not come back either.
    await call('PATCH', path, { password: laterPassword, priority: -1 }).catch(() => undefined)
    await call('DELETE', path)
    const listed = await call<{ results: ObjectChange[] }>(
      'GET',
      `/core/object-changes/?changed_object_id=${id}&limit=100`,
    )
    changes = listed.results
    await runtime.stop()
  })

  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

  test.each(allSecrets)('leaves secret %# nowhere under the data folder', (secret) => {
    expect(filesWith(secret, dataDir)).toEqual([])
  })

  test('leaves what is no secret to be found by the same search', () => {
    expect(filesWith('Findable-Name-1', dataDir)).not.toEqual([])
  })

  test('never answers with a secret', () => {
    for (const secret of allSecrets) {
      const [firstLine = ''] = JSON.stringify(secret).slice(1, -1).split('\\n-----END')
      expect(answers.filter((answer) => answer.includes(firstLine))).toEqual([])
    }
  })

  test('shows in its history that a secret changed, and not to what', () => {
    const text = JSON.stringify(changes)

    expect(changes.map(({ action }) => action.value).sort()).toEqual(['create', 'delete', 'update', 'update'])
    expect(text).toContain('password')
    for (const secret of allSecrets) expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
  })
})
