/** How much there is of what. The large one is what the product is made for, the small one shows how cost grows. */
export type Size = {
  devices: number
  machines: number
  interfaces: number
  addresses: number
  prefixes: number
  sites: number
  clusters: number
}

const sizeOf = (devices: number): Size => ({
  devices,
  machines: (devices * 2) / 5,
  interfaces: devices * 4,
  addresses: devices * 2,
  prefixes: (devices * 2) / 5,
  sites: Math.max(50, devices / 100),
  clusters: Math.max(2, devices / 250),
})

export const sizes: Readonly<Record<string, readonly Size[]>> = {
  full: [sizeOf(5000), sizeOf(50_000)],
  small: [sizeOf(5000)],
  tiny: [sizeOf(500)],
}

export const rowsOf = ({ devices, machines, interfaces, addresses, prefixes }: Size): number =>
  devices + machines + interfaces + addresses + prefixes
