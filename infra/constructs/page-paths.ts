import { Function as EdgeFunction, FunctionCode, FunctionRuntime } from 'aws-cdk-lib/aws-cloudfront'
import type { Construct } from 'constructs'

/**
 * The console's pages are made in the browser: every path that names no file is answered by the one page there is.
 * A function at the site's own behaviour and not error pages of the distribution: those would also turn the API's 404
 * into a page. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages.html
 */
const code = `function handler(event) {
  var request = event.request
  if (!/\\.[a-z0-9]+$/.test(request.uri)) request.uri = '/index.html'
  return request
}`

export function pagePaths(scope: Construct): EdgeFunction {
  return new EdgeFunction(scope, 'PagePaths', {
    comment: 'netkeep: every path of the console is its one page',
    code: FunctionCode.fromInline(code),
    runtime: FunctionRuntime.JS_2_0,
  })
}
