import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportRows } from '../../../shared/exports/export-rows.ts'
import { readCsv } from '../../../shared/imports/read-csv.ts'
import { readYamlSource } from '../../../shared/imports/read-objects.ts'
import type { ImportMode } from '../../../shared/imports/modes.ts'
import type { Source } from '../../../shared/imports/source.ts'
import { validateRows } from '../../../shared/imports/validate.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { region } from '../../../shared/dcim/models/region.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { listRows } from '../../../shared/model/listing.ts'
import { createRows } from '../../../shared/model/records.ts'
import type { Model } from '../../../shared/model/define.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround, type Ground } from '../../support/inventory.ts'

let started: TestEngine
let ground: Ground

beforeAll(async () => {
  started = await startEngine()
  ground = await makeGround(started.engine)
})
afterAll(() => started?.stop())

async function check(model: Model, text: string | Source, mode: ImportMode = 'atomic') {
  const source = typeof text === 'string' ? await readCsv(Buffer.from(text)) : text
  const { fileIssues, entries, statusOf } = await validateRows(started.engine, model, { source, mode, actor })
  return {
    statuses: entries.map(statusOf),
    issues: [...fileIssues, ...entries.flatMap(({ issues }) => issues)],
    levels: entries.map(({ level }) => level),
  }
}

describe('columns', () => {
  test('that do not exist are told once, with the nearest', async () => {
    const { issues } = await check(site, 'name,slgu\nA,a\nB,b\n')

    expect(issues.filter(({ code }) => code === 'unknown_column')).toMatchObject([
      { index: null, line: 1, column: 'slgu', suggestion: 'slug' },
    ])
  })

  test('may be written like titles, and those we add are passed over', async () => {
    const { statuses, issues } = await check(site, 'Name,Slug,_line_status,_errors\nA,a,error,bad\n')

    expect([statuses, issues]).toEqual([['create'], []])
  })

  test('that mean the same are refused', async () => {
    const { issues } = await check(device, 'name,role,device_role\nA,a,a\n')

    expect(issues).toContainEqual(expect.objectContaining({ code: 'repeated_column', column: 'device_role' }))
  })
})

describe('references', () => {
  test('are found by name, slug, id and attribute', async () => {
    const rows = ['ground-1', String(ground.site)].map(
      (given, at) => `by-${at},${given},ground-1,ground-1,ground-1`,
    )
    const { statuses, issues } = await check(
      device,
      `name,site,role,device_type__model,device_type__manufacturer__slug\n${rows.join('\n')}\n`,
    )

    expect(issues).toEqual([])
    expect(statuses).toEqual(['create', 'create'])
  })

  test('to rows of the same file are found in any order, and those rows come first', async () => {
    const { statuses, levels } = await check(
      region,
      'name,slug,parent\nBerlin,berlin,germany\nGermany,germany,europe\nEurope,europe,\n',
    )

    expect([statuses, levels]).toEqual([
      ['create', 'create', 'create'],
      [2, 1, 0],
    ])
  })

  test('in a ring, to a bad row and to nothing are each told', async () => {
    const { issues } = await check(region, 'name,slug,parent\nA,a,b\nB,b,a\nC,c c,\nD,d,C\nE,e,nowhere\n')

    expect(issues.map(({ line, code }) => [line, code])).toEqual([
      [2, 'reference_bad'],
      [3, 'reference_cycle'],
      [4, 'invalid_value'],
      [5, 'reference_bad'],
      [6, 'reference_not_found'],
    ])
  })
})

describe('what a row is about', () => {
  test('is found by its key: rows that change nothing are told from those that do', async () => {
    await createRows(started.engine, site, [{ name: 'Known', slug: 'known' }], { actor })

    const { statuses } = await check(
      site,
      'slug,name,status\nknown,Known,active\nknown2,Two,active\nknown,Other,\n',
    )

    expect(statuses).toEqual(['unchanged', 'create', 'error'])
  })

  test('stays as it is where only new objects are wanted', async () => {
    await createRows(started.engine, site, [{ name: 'Old', slug: 'old' }], { actor })

    const { statuses } = await check(site, 'slug,name,status\nold,Old,retired\nnew,New,\n', 'only_new')

    expect(statuses).toEqual(['skipped', 'create'])
  })

  test('was changed since, says the version in the row', async () => {
    const [row] = await createRows(started.engine, site, [{ name: 'Versioned', slug: 'versioned' }], {
      actor,
    })

    const { issues } = await check(site, `id,_version,name\n${row?.id},7,Newer\n999,,Nobody\n`)

    expect(issues.map(({ line, code }) => [line, code])).toEqual([
      [2, 'version_conflict'],
      [3, 'not_found'],
    ])
  })
})

test('an export, given back as it is, changes nothing', async () => {
  const { engine } = started
  const texts = ['=1+1', "'=1", '-5', '@x', 'a "quoted", word', '  ', 'two\nlines', 'ünïcödé']
  for (const [at, comments] of texts.entries())
    await makeDevice(engine, ground, {
      name: `round-${at}`,
      comments,
      asset_tag: `T${at}`,
      description: comments.replaceAll('\n', ' '),
    })
  for (const model of [device, site] as Model[]) {
    const { rows, selection, sources } = await listRows(engine, model, new Map(), true)

    const csv = await exportRows(sources, model, { rows, selection, format: 'csv' })
    const yaml = await exportRows(sources, model, { rows, selection, format: 'yaml' })

    for (const source of [await readCsv(Buffer.from(csv)), await readYamlSource(Buffer.from(yaml))]) {
      const { statuses, issues } = await check(model, source)
      expect(issues).toEqual([])
      expect(new Set(statuses)).toEqual(new Set(['unchanged']))
      expect(statuses).toHaveLength(rows.length)
    }
  }
})
