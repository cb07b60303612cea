/** NetBox's states of a place, joined with those of the systems that netkeep replaces. */
export const placeStatuses = {
  planned: 'Planned',
  staging: 'Staging',
  validated: 'Validated',
  active: 'Active',
  decommissioning: 'Decommissioning',
  retired: 'Retired',
  canceled: 'Canceled',
} as const
