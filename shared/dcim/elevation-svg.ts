import { markup, type Markup } from '../markup.ts'
import { halfUnits, isOn, type Face, type Mounted, type RackFrame } from './elevation.ts'

/** In pixels; NetBox's words and defaults. */
type Sizes = { unitWidth: number; unitHeight: number; legendWidth: number; marginWidth: number }
type Drawing = {
  rack: RackFrame
  devices: readonly Mounted[]
  faces: readonly Face[]
  sizes: Sizes
  deviceLink: (id: number) => string
}

const titleHeight = 24
const border = 1

/**
 * The faces of a rack as one SVG, side by side. Without style and script: presentation attributes are all that a strict
 * content security policy leaves alone. Each device has a title for whoever hears the picture or points at it.
 */
export function elevationSvg({ rack, devices, faces, sizes, deviceLink }: Drawing): string {
  const { unitWidth, unitHeight, legendWidth, marginWidth } = sizes
  const faceWidth = legendWidth + unitWidth + marginWidth
  const width = faces.length * faceWidth + marginWidth
  const height = rack.uHeight * unitHeight + titleHeight + marginWidth
  const drawn = faces.map((face, index) => {
    const at = { x: marginWidth + index * faceWidth, y: titleHeight }
    return faceOf({ rack, devices, sizes, deviceLink }, face, at)
  })
  const names = devices.map(({ name, position }) => `${name} in U${position}`).join(', ')
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="${fontSize(unitHeight)}"><title id="title">Rack ${rack.name}, ${faces.join(' and ')}</title><desc id="description">${rack.uHeight} units. ${names === '' ? 'It is empty.' : names}</desc><rect width="${width}" height="${height}" fill="#ffffff"/>${drawn}</svg>
`.markup
}

const fontSize = (unitHeight: number): number => Math.max(6, Math.min(13, Math.round(unitHeight * 0.6)))

type Parts = Omit<Drawing, 'faces'>

function faceOf(
  { rack, devices, sizes, deviceLink }: Parts,
  face: Face,
  { x, y }: { x: number; y: number },
): Markup {
  const { unitWidth, unitHeight, legendWidth } = sizes
  const left = x + legendWidth
  const wholeUnits = halfUnits(rack).filter((unit) => unit % 1 === 0)
  const rows = wholeUnits.map((unit, index) => {
    const top = y + index * unitHeight
    const middle = top + unitHeight / 2
    return markup`<text x="${left - 6}" y="${middle}" text-anchor="end" dominant-baseline="central" fill="#5b6776">${unit}</text><rect x="${left}" y="${top}" width="${unitWidth}" height="${unitHeight}" fill="#f3f5f8" stroke="#d7dde5"/>`
  })
  const boxes = devices
    .filter((device) => isOn(face, device))
    .map((device) => {
      const top = y + topOf(rack, device) * unitHeight
      const box = { x: left, y: top, width: unitWidth, height: device.height * unitHeight }
      return deviceBox(device, { box, face, link: deviceLink(device.id) })
    })
  const frame = markup`<rect x="${left - border}" y="${y - border}" width="${unitWidth + 2 * border}" height="${rack.uHeight * unitHeight + 2 * border}" fill="none" stroke="#1c2430" stroke-width="2"/>`
  return markup`<g aria-label="${face}"><text x="${left + unitWidth / 2}" y="${y - 8}" text-anchor="middle" font-weight="600" fill="#1c2430">${face === 'front' ? 'Front' : 'Rear'}</text>${rows}${boxes}${frame}</g>`
}

/** Units between the top of the rack and the top of the device. */
function topOf({ startingUnit, uHeight, descUnits }: RackFrame, { position, height }: Mounted): number {
  return descUnits ? position - startingUnit : startingUnit + uHeight - position - height
}

type Box = { x: number; y: number; width: number; height: number }

function deviceBox(device: Mounted, { box, face, link }: { box: Box; face: Face; link: string }): Markup {
  const { name, color, facts } = device
  // Seen from behind, a device mounted in front shows its back.
  const opacity = device.face === face ? 1 : 0.55
  return markup`<a href="${link}"><title>${[name, ...facts].join('\n')}</title><rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="#${color}" fill-opacity="${opacity}" stroke="#1c2430"/><text x="${box.x + box.width / 2}" y="${box.y + box.height / 2}" text-anchor="middle" dominant-baseline="central" font-size="${fontSize(box.height)}" fill="${inkOn(color, opacity)}">${shortened(name, box.width)}</text></a>`
}

/** What fits, by a guess of 8 pixels a character: nothing here measures text. */
function shortened(name: string, width: number): string {
  const fits = Math.max(1, Math.floor(width / 8))
  const characters = Array.from(name)
  return characters.length <= fits ? name : `${characters.slice(0, Math.max(1, fits - 1)).join('')}…`
}

/** Black or white, whichever is read better on the colour: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function inkOn(color: string, opacity: number): string {
  const linear = [0, 2, 4].map((at) => {
    const value = (Number.parseInt(color.slice(at, at + 2), 16) / 255) * opacity + (1 - opacity)
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  const [red = 0, green = 0, blue = 0] = linear
  // Contrast with white and with black are equal at this luminance.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff'
}
