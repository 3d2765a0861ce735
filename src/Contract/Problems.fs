namespace GopherFlow.Contract

/// A validation error of one field of a request.
type Fault = {
    /// The path of the field, such as "createWorkflowRequest.businessKey".
    Field: string
    /// The value that was received, shortened; null if the field was missing.
    Received: string option
    /// What the server expects instead.
    Expected: string
    /// The error as a sentence.
    Detail: string
}

/// Why a request failed, as problem details (RFC 9457). Some kinds have additional members.
type ProblemDetails = {
    /// The kind of the problem, such as "urn:gopherflow:problem:conflict".
    Type: string
    Title: string
    Status: int
    Detail: string
    /// The validation errors of the request, at most 20.
    Errors: Fault list option
    /// The trace id of the request in the server's logs.
    TraceId: string
}
