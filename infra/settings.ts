import type { IConstruct } from 'constructs'
import * as z from 'zod'
import { fillableFields } from '../shared/backups/facts/compared.ts'
import { topicArnPattern } from '../shared/backups/notify/destination.ts'

/** Several values: a list, or text with commas between them. */
const listOf = <T extends z.ZodType<string, string>>(one: T) =>
  z
    .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))])
    .pipe(z.array(one).min(1))

/** What a deployment may choose, by `cdk deploy --context name=value`. */
const Settings = z
  .object({
    /** An SNS topic of the operators'. Without it the alarms only change colour. */
    alarmTopicArn: z.string().startsWith('arn:').optional(),
    /** Private subnets with a route to the devices' management network. Without them the collector has the internet only. */
    subnetIds: listOf(z.string().regex(/^subnet-[0-9a-f]{8,17}$/)).optional(),
    /** Its egress is the second barrier: TCP 22 to the management networks, nothing else. */
    securityGroupId: z
      .string()
      .regex(/^sg-[0-9a-f]{8,17}$/)
      .optional(),
    /** The console's name, such as `netkeep.example.org`. Without it CloudFront's own, which also takes old TLS. */
    siteDomain: z.hostname().optional(),
    /** CloudFront takes certificates from one region only. */
    siteCertificateArn: z.string().startsWith('arn:aws:acm:us-east-1:').optional(),
    /** Fields of devices that a backup fills where they are empty. Without it they are raised as conflicts. */
    fillEmptyFields: listOf(z.enum(fillableFields)).optional(),
    /** SNS topics that subscriptions may send to, in any region and account. Without it: none. */
    notificationTopicArns: listOf(z.string().regex(topicArnPattern)).optional(),
  })
  .refine((settings) => (settings.subnetIds === undefined) === (settings.securityGroupId === undefined), {
    message: 'subnetIds and securityGroupId belong together: give both or neither',
  })
  .refine((settings) => (settings.siteDomain === undefined) === (settings.siteCertificateArn === undefined), {
    message: 'siteDomain and siteCertificateArn belong together: give both or neither',
  })
export type Settings = z.infer<typeof Settings>

export function readSettings(scope: IConstruct): Settings {
  const names = [
    'alarmTopicArn',
    'subnetIds',
    'securityGroupId',
    'siteDomain',
    'siteCertificateArn',
    'fillEmptyFields',
    'notificationTopicArns',
  ] as const
  const given = Object.fromEntries(names.map((name) => [name, scope.node.tryGetContext(name) as unknown]))
  const settings = Settings.safeParse(given)
  if (!settings.success) throw new Error(`CDK context: ${z.prettifyError(settings.error)}`)
  return settings.data
}
