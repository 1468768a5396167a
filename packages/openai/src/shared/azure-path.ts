/** Where a deployment on Azure answers for an operation such as `/embeddings`: in the v1 API, or in the API of a version. */
export function azurePath(deployment: string, operation: string, apiVersion: string | undefined): string {
  return apiVersion === undefined
    ? `/openai/v1${operation}`
    : `/openai/deployments/${encodeURIComponent(deployment)}${operation}?api-version=${encodeURIComponent(apiVersion)}`;
}
