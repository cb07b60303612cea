/** Resource types that a start accepts and does not host, each with the reason. Any other unknown type is an error. */
export const acceptedWithoutHosting: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'only tells AWS which constructs were used',
  'AWS::CloudWatch::Alarm': 'nothing measures here; logs are files in the data folder',
  'AWS::CloudWatch::CompositeAlarm': 'nothing measures here',
  'AWS::CloudWatch::Dashboard': 'nothing measures here',
  'AWS::Logs::LogGroup': 'every function logs to a file in the data folder',
  'AWS::Logs::MetricFilter': 'nothing measures here',
  'AWS::Logs::QueryDefinition': 'a saved query of the AWS console',
  'AWS::Logs::ResourcePolicy': 'no AWS service writes logs here',
  'AWS::ResourceGroups::Group': 'a view of the AWS console',
  'AWS::SNS::Topic':
    'only alarms publish to it, and they do not run; what functions publish is written down for any topic',
  'AWS::SNS::TopicPolicy': 'belongs to an AWS::SNS::Topic',
  'AWS::SNS::Subscription': 'belongs to an AWS::SNS::Topic',
  'AWS::XRay::SamplingRule': 'nothing is traced here',
}
