import { Option } from 'commander';

/** Where the API is, named as for the AWS CLI. */
export function endpointUrlOption(): Option {
  return new Option('--endpoint-url <url>', "address of Repoint's API")
    .env('AWS_ENDPOINT_URL_PINPOINT')
    .default('http://127.0.0.1:7100')
    .argParser((url) => url.replace(/\/+$/, ''));
}
