namespace GopherFlow.Scripting

open System
open System.Text.Json
open GopherFlow.Definitions
open Microsoft.Extensions.DependencyInjection

/// <summary>Why an attempt of a state failed.</summary>
type TrialError = {
    /// <summary>The type and the message of the exception.</summary>
    Text: string
    /// <summary>The file and line in the script where it was thrown. None when no script code is in its stack trace.</summary>
    Place: (string * int) option
    /// <summary>The full exception text with its stack trace.</summary>
    Detail: string
}

/// <summary>One commit of a workflow in a trial.</summary>
type TrialStep = {
    /// <summary>The id of the workflow: 1 is the one that was tried, all others are its children.</summary>
    WorkflowId: int64
    /// <summary>The name of its definition.</summary>
    WorkflowType: string
    /// <summary>The state that ran.</summary>
    State: string
    /// <summary>1 for the first run of the state, 2 for the first retry, and so on.</summary>
    Attempt: int
    /// <summary>The virtual time of the commit, in UTC. A trial starts at the current time.</summary>
    At: DateTimeOffset
    /// <summary>The state after the commit.</summary>
    Next: string
    /// <summary>The status after the commit in the API's spelling (IN_PROGRESS and so on).</summary>
    Status: string
    /// <summary>The variables after the commit, as a JSON object.</summary>
    Variables: string
    /// <summary>The history lines that the commit wrote.</summary>
    Outcome: string list
    /// <summary>The log lines of the state function.</summary>
    Log: string list
    /// <summary>The types of the children that were created.</summary>
    Children: string list
    /// <summary>When the next step is due. The trial skips the wait until then.</summary>
    WaitsUntil: DateTimeOffset option
    /// <summary>The length of the skipped wait.</summary>
    Skipped: TimeSpan option
    /// <summary>Why the attempt failed, if it did.</summary>
    Error: TrialError option
}

/// <summary>How a trial ended.</summary>
type TrialEnd =
    /// <summary>An End state was reached.</summary>
    | ReachedEnd = 0
    /// <summary>A state ran out of retries or failed with an error that is not retryable.</summary>
    | Failed = 1
    /// <summary>An Error state was reached, or a state function returned an undeclared target.</summary>
    | ReachedError = 2
    /// <summary>A Manual state was reached: a person would have to move the workflow.</summary>
    | WaitsForPerson = 3
    /// <summary>The workflow waits for children that will not finish by themselves.</summary>
    | WaitsForChildren = 4
    /// <summary>The workflow waits for a signal. A trial receives no signals.</summary>
    | WaitsForSignal = 5
    /// <summary>The maximum number of steps was reached.</summary>
    | StepLimit = 6
    /// <summary>The time limit was reached.</summary>
    | TimeLimit = 7
    /// <summary>The trial could not start or continue.</summary>
    | Refused = 8

/// <summary>The result of a trial.</summary>
type TrialReport = {
    /// <summary>Every commit in order, including those of children.</summary>
    Steps: TrialStep list
    /// <summary>The last state of the workflow.</summary>
    State: string
    /// <summary>The last status of the workflow in the API's spelling.</summary>
    Status: string
    /// <summary>The last variables of the workflow, as a JSON object.</summary>
    Variables: string
    /// <summary>How the trial ended.</summary>
    Ended: TrialEnd
    /// <summary>A message that explains how the trial ended.</summary>
    Reason: string
    /// <summary>The virtual time that passed.</summary>
    VirtualTime: TimeSpan
}

/// <summary>The input and the limits of a trial.</summary>
type TrialOptions = {
    /// <summary>The variables to start with, as the text of a JSON object. Default: none.</summary>
    Variables: string
    /// <summary>The business key. Default: "trial".</summary>
    BusinessKey: string
    /// <summary>The maximum number of steps, including those of children. Default: 100.</summary>
    StepLimit: int
    /// <summary>The maximum duration in real time. Default: 5 seconds.</summary>
    TimeLimit: TimeSpan
    /// <summary>Other definitions that can run as children. Default: none.</summary>
    Others: WorkflowDefinition list
    /// <summary>The services for state functions. Default: none.</summary>
    Services: IServiceScopeFactory option
    /// <summary>The serializer options for variables. Default: the engine's, without converters of the application.</summary>
    VariablesJson: JsonSerializerOptions option
}

module TrialOptions =

    /// <summary>The defaults: no variables, 100 steps, 5 seconds, no other definitions, no services, no converters.</summary>
    let defaults: TrialOptions = {
        Variables = "{}"
        BusinessKey = "trial"
        StepLimit = 100
        TimeLimit = TimeSpan.FromSeconds 5.
        Others = []
        Services = None
        VariablesJson = None
    }
