namespace GopherFlow.Contract

/// A workflow that a schedule has started.
type ScheduleRun = {
    WorkflowId: Id
    /// It ends with the time at which the run was due, or with "manual" if a person started it.
    ExternalId: string
    Status: string
    State: string
    Created: Instant
    Finished: Instant option
}

/// A page of the runs of a schedule, latest due time first.
type ScheduleRunPage = {
    Runs: ScheduleRun list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

/// A due time at which no run was started.
type SkippedRun = {
    Due: Instant
    /// "overlap": an earlier run had not ended. "catchUp": the run was missed and is not made up for.
    [<OneOf("overlap", "catchUp")>]
    Reason: string
}

/// A schedule: starts workflows at fixed times.
type Schedule = {
    Name: string
    WorkflowType: string
    /// A cron expression of five fields, or of six with the seconds first; null if the schedule has an interval.
    Cron: string option
    /// The interval, counted from 1970-01-01 UTC; null if the schedule has a cron expression.
    EverySeconds: Count option
    /// The IANA time zone of the cron expression.
    TimeZone: string
    /// The variables of each run.
    StateVars: RawJson
    /// Whether the variables were omitted, as lists do when they are large.
    StateVarsOmitted: bool
    /// The business key of each run: {schedule} is replaced by the name of the schedule, {due} by the due time.
    BusinessKey: string
    ExecutorGroup: string
    Priority: int
    /// What happens when a run is due while an earlier one has not ended.
    [<OneOf("skip", "queue", "allow")>]
    Overlap: string
    /// Which of the runs that were missed while no executor was running are made up for.
    [<OneOf("none", "last", "all")>]
    CatchUp: string
    /// With "all": the maximum number of missed runs to make up for.
    CatchUpLimit: int
    Paused: bool
    /// Whether it is declared in code, and so can be changed only there.
    Declared: bool
    CreatedBy: string
    Created: Instant
    ChangedBy: string
    Changed: Instant
    /// The next due times, earliest first; empty while it is paused.
    NextDue: Instant list
    LastDue: Instant option
    /// The run that was started last; null if there was none or it has been deleted.
    LastRun: ScheduleRun option
    /// The number of runs that wait for an earlier run to end.
    Queued: int
    /// The number of runs that were started, including those that a person started.
    Started: Count
    /// The number of runs that were skipped because an earlier one had not ended.
    SkippedByOverlap: Count
    /// The number of runs that were missed and not made up for.
    SkippedByCatchUp: Count
    LastSkipped: SkippedRun option
}

/// A page of schedules, ordered by name.
type SchedulePage = {
    Schedules: Schedule list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

/// The times at which a schedule would be due.
type SchedulePreview = { NextDue: Instant list }

/// The run that was started.
type TriggeredRun = { WorkflowId: Id }
