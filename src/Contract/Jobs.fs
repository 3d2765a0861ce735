namespace GopherFlow.Contract

/// A job: an operation on every workflow that a filter means.
type Job = {
    Id: Id
    [<OneOf("QUEUED", "RUNNING", "DONE", "CANCELLED", "FAILED")>]
    Status: string
    /// What is done to each workflow; its "kind" is the name of the operation.
    Operation: RawJson
    /// Whether a list left out all but the kind because the operation is large.
    OperationOmitted: bool
    /// Which workflows.
    Filter: RawJson
    /// Who started it.
    Actor: string
    /// Why, in the words of its actor.
    Reason: string option
    Created: Instant
    Started: Instant option
    Ended: Instant option
    /// When a person asked it to stop.
    CancelRequested: Instant option
    /// How many workflows the filter meant when it began; null while they are not counted.
    Total: Count option
    /// How many workflows were changed.
    Done: Count
    /// How many could not be changed.
    Failed: Count
    /// How many were no longer matched, or gone, when their turn came.
    Skipped: Count
    /// How many children, their children and so on were cancelled with them.
    Descendants: Count
    /// The executor that works on it, or worked on it last.
    ExecutorId: Id option
    /// Why it could not go on.
    Error: string option
}

/// A page of jobs, newest first.
type JobPage = {
    Jobs: Job list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

/// A workflow that a job could not change.
type JobFailure = { WorkflowId: Id; Reason: string }

/// A page of the failures of a job, smallest workflow id first.
type JobFailurePage = {
    Failures: JobFailure list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

/// How many workflows of a type and status a job is about.
type JobForecastCount = {
    WorkflowType: string
    Status: string
    Count: Count
}

/// What a job would be about.
type JobForecast = {
    Total: Count
    Counts: JobForecastCount list
}
