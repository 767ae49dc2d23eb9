"""The headers and media types of the services."""

KEY = "Ocp-Apim-Subscription-Key"
"""The request header that carries the key, of Computer Vision and of Bing alike."""
SOURCE = "Cvhelpers-Source"
"""The answer header in which every source of this project says where the answer came from."""

OPERATION_LOCATION = "Operation-Location"
"""Where to ask for the result of an operation that answers later; it comes with status 202."""
RETRY_AFTER = "Retry-After"
REQUEST_ID = "apim-request-id"
TRACE_ID = "BingAPIs-TraceId"
MARKET = "BingAPIs-Market"
ERROR_CODE = "x-ms-error-code"

JSON = "application/json"
BYTES = "application/octet-stream"
FORM = "multipart/form-data"
