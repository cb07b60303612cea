/** What a custom field is called where names of fields stand side by side: in filters, orders and files. */
export const customColumn = (name: string): string => `cf_${name}`
