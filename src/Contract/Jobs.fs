namespace GopherFlow.Contract

/// A job: an operation that is applied to every workflow that matches a filter.
type Job = {
    Id: Id
    [<OneOf("QUEUED", "RUNNING", "DONE", "CANCELLED", "FAILED")>]
    Status: string
    /// The operation to apply to each workflow; "kind" is its name.
    Operation: RawJson
    /// Whether everything but the kind was omitted from the operation, as lists do when it is large.
    OperationOmitted: bool
    /// The filter that selects the workflows.
    Filter: RawJson
    /// Who started it.
    Actor: string
    /// The reason that was given for it.
    Reason: string option
    Created: Instant
    Started: Instant option
    Ended: Instant option
    /// When a person cancelled it; null if nobody did.
    CancelRequested: Instant option
    /// The number of matching workflows when the job began; null until they have been counted.
    Total: Count option
    /// The number of workflows that were changed.
    Done: Count
    /// The number of workflows that could not be changed.
    Failed: Count
    /// The number of workflows that no longer matched or no longer existed when the job reached them.
    Skipped: Count
    /// The number of descendants (children, their children and so on) that were cancelled with them.
    Descendants: Count
    /// The executor that is working on it or was the last to do so.
    ExecutorId: Id option
    /// Why the job failed; null if it did not.
    Error: string option
}

/// A page of jobs, newest first.
type JobPage = {
    Jobs: Job list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

/// A workflow that a job could not change.
type JobFailure = { WorkflowId: Id; Reason: string }

/// A page of the failures of a job, ordered by workflow id.
type JobFailurePage = {
    Failures: JobFailure list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

/// The number of workflows of one type and status that a job would change.
type JobForecastCount = {
    WorkflowType: string
    Status: string
    Count: Count
}

/// The workflows that a job would change.
type JobForecast = {
    Total: Count
    Counts: JobForecastCount list
}
