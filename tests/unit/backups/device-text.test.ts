import { expect, test } from 'vitest'
import { readText } from '../../../shared/backups/device-records.ts'
import { keys } from '../../../shared/table/keys.ts'
import { startRepository } from '../../support/git-repository.ts'

test('a text that no answer of a Lambda holds is refused by name, before it is read', async () => {
  const repository = await startRepository()
  const { stores } = repository
  const version = {
    deviceId: 1,
    sequence: 1,
    runId: 1,
    collectedAt: '2026-11-21T12:00:00.000Z',
    sha256: '0'.repeat(64),
    bytes: 5 * 1024 * 1024,
    lines: 1,
    secrets: 0,
    deviceType: 'cisco_ios',
    path: 'ams/sw1.cfg',
    textKey: 'configs/00/absent',
    rawKey: 'raw/1/1',
  }
  await stores.table.write([{ put: { ...keys.configVersion(1, 1), ...version }, unconditionally: true }])

  const reading = readText({ table: stores.table, archive: stores.objects }, 1, 1)

  await expect(reading).rejects.toMatchObject({ code: 'too_large' })
  await repository.stop()
})
