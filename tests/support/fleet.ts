import type { Lab } from '../../local/lab/lab.ts'
import { labOf, loadDevices, placeLab } from './backups.ts'
import { startProduct, type Product } from './product.ts'

export type Fleet = { product: Product; lab: Lab; ids: Map<string, number> }

/** The product with so many small simulated devices in its inventory. */
export async function startFleet(
  deviceCount: number,
  context: Readonly<Record<string, string>> = {},
): Promise<Fleet> {
  const devices = Array.from({ length: deviceCount }, (_, index) => ({
    name: `sw${String(index).padStart(2, '0')}`,
    index,
    interfaces: 8,
  }))
  const [product, lab] = await Promise.all([startProduct(undefined, context), labOf(devices)])
  return { product, lab, ids: await loadDevices(product.api, placeLab(lab)) }
}
