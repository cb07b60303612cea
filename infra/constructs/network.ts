import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { readSettings } from '../settings.ts'
import { acknowledge } from './acknowledge.ts'
import { cfnFunction } from './function.ts'
import { allow, roleOf } from './grants.ts'

/**
 * Puts a function into the deployment's own subnets, where devices can be reached. By ids and without a lookup:
 * a synthesis asks no account anything. What the subnets must offer is in docs/operations.md.
 */
export function placeInNetwork(lambda: LambdaFunction): void {
  const { subnetIds, securityGroupId } = readSettings(lambda)
  if (subnetIds === undefined || securityGroupId === undefined) return
  cfnFunction(lambda).vpcConfig = { subnetIds, securityGroupIds: [securityGroupId] }
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
  allow(
    lambda,
    [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
    ],
    ['*'],
  )
  acknowledge(roleOf(lambda), {
    'AwsSolutions-IAM5[Resource::*]':
      'The Lambda service makes the network interfaces with this role; their names are not known beforehand.',
  })
}
