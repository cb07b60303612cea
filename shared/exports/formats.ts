/** What lists are exported as, and files are imported from. */
export const exportFormats = ['csv', 'json', 'yaml'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  yaml: 'application/yaml; charset=utf-8',
} as const satisfies Record<ExportFormat, string>
