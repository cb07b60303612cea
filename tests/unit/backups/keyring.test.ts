import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKeyring, openSealer, openText, sealText } from '../../../shared/backups/keyring.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { startTable, type TestTable } from '../../support/table.ts'

let served: TestTable
let table: TestTable['table']

beforeAll(async () => {
  served = await startTable()
  ;({ table } = served)
})

afterAll(() => served.stop())

const keyService = keyServiceOf(randomBytes(32))

describe('the keyring', () => {
  test('is made once, however many ask for it first', async () => {
    const openers = await Promise.all(Array.from({ length: 20 }, () => openKeyring(table, keyService)))

    const keys = new Set(openers.map(({ redactionKey }) => Buffer.from(redactionKey).toString('hex')))
    expect(keys.size).toBe(1)
  })

  test('lets a writer seal without the right to decrypt', async () => {
    const before = keyService.decrypted

    const sealed = await sealText(
      await openSealer(table, { encrypt: (...given) => keyService.encrypt(...given) }),
      'Enable-Word-9',
    )

    expect(keyService.decrypted).toBe(before)
    expect(Buffer.from(sealed, 'base64').includes('Enable-Word-9')).toBe(false)
    expect(await openText(await openKeyring(table, keyService), sealed)).toBe('Enable-Word-9')
  })

  test('opens nothing that was sealed for another purpose, or altered', async () => {
    const keyring = await openKeyring(table, keyService)
    const sealed = await keyring.seal('raw-config', Buffer.from('hostname x'))
    const altered = Uint8Array.from(sealed, (byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte))

    await expect(keyring.open('credential', sealed)).rejects.toThrow(/cannot be opened/)
    await expect(keyring.open('raw-config', altered)).rejects.toThrow(/cannot be opened/)
    expect(Buffer.from(await keyring.open('raw-config', sealed)).toString()).toBe('hostname x')
  })

  test('seals the same text to other bytes each time', async () => {
    const keyring = await openKeyring(table, keyService)

    const [one, two] = await Promise.all([sealText(keyring, 'same'), sealText(keyring, 'same')])

    expect(one).not.toBe(two)
  })

  test('is of no use under another KMS key', async () => {
    await expect(openKeyring(table, keyServiceOf(randomBytes(32)))).rejects.toThrow(/authenticate/)
  })
})
