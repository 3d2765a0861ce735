namespace GopherFlow.Contract

/// One field of a request that cannot be taken as it is.
type Fault = {
    /// The path of the field, such as "createWorkflowRequest.businessKey".
    Field: string
    /// What came, shortened; null when nothing came.
    Received: string option
    /// What is expected.
    Expected: string
    /// The fault as a sentence.
    Detail: string
}

/// Why a request was not carried out (RFC 9457). Some kinds have further members.
type ProblemDetails = {
    /// The kind, such as "urn:gopherflow:problem:conflict".
    Type: string
    Title: string
    Status: int
    Detail: string
    /// The faults of the request; at most 20.
    Errors: Fault list option
    /// Under which the server has logged the request.
    TraceId: string
}
