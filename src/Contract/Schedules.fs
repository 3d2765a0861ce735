namespace GopherFlow.Contract

/// A workflow that a schedule has started.
type ScheduleRun = {
    WorkflowId: Id
    /// It ends with the instant at which the run was due; with "manual" when a person started it.
    ExternalId: string
    Status: string
    State: string
    Created: Instant
    Finished: Instant option
}

/// A page of the runs of a schedule, those due last first.
type ScheduleRunPage = {
    Runs: ScheduleRun list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

/// A due instant at which no run was started.
type SkippedRun = {
    Due: Instant
    /// A run before it had not ended, or it was missed and is not made up for.
    [<OneOf("overlap", "catchUp")>]
    Reason: string
}

/// What starts workflows by the clock.
type Schedule = {
    Name: string
    WorkflowType: string
    /// A cron expression of five fields, or of six with the seconds first; null when there is an interval.
    Cron: string option
    /// An interval, counted from 1970-01-01 UTC; null when there is a cron expression.
    EverySeconds: Count option
    /// The IANA time zone of the cron expression.
    TimeZone: string
    /// The variables of each run.
    StateVars: RawJson
    /// Whether a list left out the variables because they are large.
    StateVarsOmitted: bool
    /// The business key of each run: {schedule} stands for the name of the schedule, {due} for the due instant.
    BusinessKey: string
    ExecutorGroup: string
    Priority: int
    /// What happens to a run that is due while another has not ended.
    [<OneOf("skip", "queue", "allow")>]
    Overlap: string
    /// Which of the runs are made up for that were missed while no executor was there.
    [<OneOf("none", "last", "all")>]
    CatchUp: string
    /// With "all": the most missed runs to make up for.
    CatchUpLimit: int
    Paused: bool
    /// Whether it is declared in code and can be changed there alone.
    Declared: bool
    CreatedBy: string
    Created: Instant
    ChangedBy: string
    Changed: Instant
    /// When it is due next, the first of them first; empty while it is paused.
    NextDue: Instant list
    LastDue: Instant option
    /// The run that was started last; null when there was none, or it is deleted.
    LastRun: ScheduleRun option
    /// How many runs wait for the one before them to end.
    Queued: int
    /// How many runs it has started, those included that a person started.
    Started: Count
    /// How many runs were skipped since another had not ended.
    SkippedByOverlap: Count
    /// How many runs were missed and not made up for.
    SkippedByCatchUp: Count
    LastSkipped: SkippedRun option
}

/// A page of schedules, by name.
type SchedulePage = {
    Schedules: Schedule list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

/// When a schedule would be due.
type SchedulePreview = { NextDue: Instant list }

/// The run that a person has started.
type TriggeredRun = { WorkflowId: Id }
