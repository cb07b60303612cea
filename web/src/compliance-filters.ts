/** Of the compliance page's address and of the API alike. */
const complianceFilters = ['severity', 'rule_id', 'site_id', 'platform_id', 'standing'] as const

export type ComplianceFilters = Partial<Record<(typeof complianceFilters)[number], string>>

export const readFilters = (search: URLSearchParams): ComplianceFilters =>
  Object.fromEntries(
    complianceFilters.flatMap((name) => {
      const value = search.get(name) ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )
