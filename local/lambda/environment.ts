import type { Credentials } from '../gateway/credentials.ts'
import type { FunctionResource } from '../template/resources.ts'

type Where = { region: string; endpoint: string; credentials: Credentials; projectDir: string }

/**
 * What Lambda adds to a function's own variables (Lambda developer guide, defined runtime environment variables).
 * Nothing of the runtime's own environment reaches a function, and no AWS configuration of the user's home does.
 */
export function reservedEnvironment(resource: FunctionResource, where: Where): Record<string, string> {
  const { region, endpoint, credentials, projectDir } = where
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: resource.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(resource.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: resource.logGroup ?? `/aws/lambda/${resource.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: projectDir,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  }
}
