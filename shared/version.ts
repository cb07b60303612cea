/** The product's own version, as in package.json. */
export const version = '0.1.0'

/** The NetBox release whose REST contract is kept: clients choose their behaviour by it. */
export const netboxVersion = '4.2.0'
export const apiVersion = '4.2'
