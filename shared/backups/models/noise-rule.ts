import { defineModel } from '../../model/define.ts'
import { bool, refs, tags, text } from '../../model/fields.ts'

/**
 * Lines of configurations that mean nothing when they change: a new version that differs in such lines only is stored
 * all the same, and is not significant. Of its sites, platforms and tags, each that is given must have something in common
 * with the device.
 */
export const noiseRule = defineModel({
  name: 'backups.noiserule',
  path: 'noise-rules',
  label: 'Noise rule',
  labelPlural: 'Noise rules',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true }),
    pattern: text({
      max: 500,
      help: 'Regular expression of RE2, tried on each line of the shown text; `^` and `$` are those of the line',
    }),
    sites: refs('dcim.site', { filter: 'site', max: 100 }),
    platforms: refs('dcim.platform', { filter: 'platform', max: 100 }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { sites: 'clear', platforms: 'clear', tags: 'clear' },
  search: ['name', 'pattern', 'description'],
  columns: ['name', 'enabled', 'pattern', 'sites', 'platforms'],
  referrers: 'none',
  rules: async (_tools, drafts) =>
    (await import('../versions/noise-problems.ts')).noisePatternProblems(drafts),
})
