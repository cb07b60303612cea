import { nearestPlatforms } from '../platforms/platforms.ts'
import { CollectFailure } from './failure.ts'

/** Says which names are near: most often one was misspelled. */
export function unknownPlatform(deviceType: string): CollectFailure {
  const detail =
    deviceType === ''
      ? 'the device has no device type'
      : `the device type \`${deviceType}\` is unknown; near: ${nearestPlatforms(deviceType).join(', ')}`
  return new CollectFailure('platform_unknown', detail)
}
