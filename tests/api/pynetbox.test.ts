import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPynetboxThere, runPython } from '../support/pynetbox.ts'
import { startProduct, type Product } from '../support/product.ts'

describe.skipIf(!isPynetboxThere)(
  `pynetbox, unmodified${isPynetboxThere ? '' : ' (python3-pynetbox is not installed)'}`,
  () => {
    let product: Product
    let seen: Record<string, unknown>

    beforeAll(async () => {
      product = await startProduct()
      seen = await runPython('pynetbox-walk.py', [product.runtime.url, product.token])
    })

    afterAll(() => product?.stop())

    test.each([
      ['creates one object', 'single', 'core-1'],
      ['creates many at once', 'bulk', [130, 'sw-000', true]],
      ['gets by a filter, with nested objects', 'get', 'ams'],
      ['gets by id', 'by id', 'sw-005'],
      ['gets None for what is not there', 'none', null],
      ['filters by any of several values', 'or', ['sw-001', 'sw-007']],
      ['counts, with and without a filter', 'counts', [131, 10]],
      ['saves what changed', 'save', [true, 'ABC123']],
      ['sends nothing for an object that was not touched', 'untouched', false],
      ['updates many at once', 'update', [3, 3]],
      ['deletes many at once', 'delete', [true, 129]],
      ['reads the choices of a field', 'choices', true],
      ['reads all pages in threads, each object once', 'threaded', [129, 129]],
      [
        'keeps a credential of the backups, whose password never comes back',
        'credential',
        ['netops', true, false],
      ],
      ['reads it again without the password', 'credential again', ['netops', false]],
      ['lists the runs of the backups', 'runs', []],
      [
        'sets and saves custom fields, and sends nothing when they were not touched',
        'custom fields',
        [true, false, [true, 8], 'gold', 'any', ['sw-004']],
      ],
      ['writes a journal', 'journal', ['warning', 'sw-004', 'admin']],
      ['finds changes where older versions look', 'old changes', true],
    ])('%s', (_, name, expected) => {
      expect(seen[name]).toEqual(expected)
    })

    test('reads the status', () => {
      expect(seen['status']).toEqual(expect.arrayContaining(['netbox-version']))
    })

    test('gets a RequestError that names the fields of a duplicate', () => {
      expect(seen['duplicate']).toEqual([400, expect.arrayContaining(['name', 'slug'])])
    })

    test('gets a RequestError for a filter that does not exist, never the whole table', () => {
      expect(seen['unknown filter']).toEqual([400, expect.arrayContaining(['nmae'])])
    })
  },
)
