namespace GopherFlow.Scripting

open System
open System.Text.Json
open GopherFlow.Definitions
open Microsoft.Extensions.DependencyInjection

/// <summary>Why an attempt of a state failed.</summary>
type TrialError = {
    /// <summary>The type and the message of the exception.</summary>
    Text: string
    /// <summary>Where in the script it was thrown; None when it was thrown elsewhere without passing through the script.</summary>
    Place: (string * int) option
    /// <summary>The whole exception, with its stack trace.</summary>
    Detail: string
}

/// <summary>One commit of a workflow in a trial.</summary>
type TrialStep = {
    /// <summary>Which workflow: 1 is the one that was tried, others are its children.</summary>
    WorkflowId: int64
    /// <summary>The name of its definition.</summary>
    WorkflowType: string
    /// <summary>The state that ran.</summary>
    State: string
    /// <summary>1 for the first run of the state, 2 for the first retry, and so on.</summary>
    Attempt: int
    /// <summary>The virtual instant of the commit, in UTC. A trial begins at the present.</summary>
    At: DateTimeOffset
    /// <summary>The state after the commit.</summary>
    Next: string
    /// <summary>The status after the commit, as the API writes it (IN_PROGRESS and so on).</summary>
    Status: string
    /// <summary>The variables after the commit: a JSON object.</summary>
    Variables: string
    /// <summary>The lines of the history that the commit has written.</summary>
    Outcome: string list
    /// <summary>What the state function has logged.</summary>
    Log: string list
    /// <summary>The types of the children that were created.</summary>
    Children: string list
    /// <summary>Until when the workflow would have waited now; the trial skips the wait.</summary>
    WaitsUntil: DateTimeOffset option
    /// <summary>How long that is.</summary>
    Skipped: TimeSpan option
    /// <summary>Why the attempt failed, if it did.</summary>
    Error: TrialError option
}

/// <summary>Why a trial is over.</summary>
type TrialEnd =
    /// <summary>An End state was reached.</summary>
    | ReachedEnd = 0
    /// <summary>A state ran out of retries, or failed in a way that is not retryable.</summary>
    | Failed = 1
    /// <summary>An Error state was reached, or a transition that is not declared was asked for.</summary>
    | ReachedError = 2
    /// <summary>A Manual state was reached: a person would have to move the workflow.</summary>
    | WaitsForPerson = 3
    /// <summary>It waits for children of which none will ever finish by itself.</summary>
    | WaitsForChildren = 4
    /// <summary>It waits for a signal, which nobody sends in a trial.</summary>
    | WaitsForSignal = 5
    /// <summary>As many steps as are allowed were made.</summary>
    | StepLimit = 6
    /// <summary>The time that is allowed has passed.</summary>
    | TimeLimit = 7
    /// <summary>The trial could not begin or continue.</summary>
    | Refused = 8

/// <summary>What a trial has shown.</summary>
type TrialReport = {
    /// <summary>Every commit, in order, also those of children.</summary>
    Steps: TrialStep list
    /// <summary>The state in which the workflow was last.</summary>
    State: string
    /// <summary>The status that it had last, as the API writes it.</summary>
    Status: string
    /// <summary>The variables that it had last: a JSON object.</summary>
    Variables: string
    /// <summary>Why the trial is over.</summary>
    Ended: TrialEnd
    /// <summary>The same in words.</summary>
    Reason: string
    /// <summary>How much virtual time went by.</summary>
    VirtualTime: TimeSpan
}

/// <summary>What a trial starts with, and what it may cost.</summary>
type TrialOptions = {
    /// <summary>The variables to start with: the text of a JSON object. Default: none.</summary>
    Variables: string
    /// <summary>The business key. Default: "trial".</summary>
    BusinessKey: string
    /// <summary>How many steps may be made, those of children included. Default: 100.</summary>
    StepLimit: int
    /// <summary>How long it may take by a real clock. Default: 5 seconds.</summary>
    TimeLimit: TimeSpan
    /// <summary>Other definitions that may be run as children. Default: none.</summary>
    Others: WorkflowDefinition list
    /// <summary>What state functions get as services. Default: nothing.</summary>
    Services: IServiceScopeFactory option
    /// <summary>How the values of variables become JSON. Default: as without converters of the application.</summary>
    VariablesJson: JsonSerializerOptions option
}

module TrialOptions =

    /// <summary>No variables, 100 steps, 5 seconds, no other definitions, no services, no converters.</summary>
    let defaults: TrialOptions = {
        Variables = "{}"
        BusinessKey = "trial"
        StepLimit = 100
        TimeLimit = TimeSpan.FromSeconds 5.
        Others = []
        Services = None
        VariablesJson = None
    }
