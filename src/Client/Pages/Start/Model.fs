/// What the form that starts a workflow keeps.
module GopherFlow.Client.Pages.Start.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http

type Draft = {
    ExternalId: string
    BusinessKey: string
    Group: string
    /// 1 (first) to 9 (last).
    Priority: string
    Variables: string
    NextActivation: string
}

type Faults = {
    ExternalId: string option
    BusinessKey: string option
    Group: string option
    Variables: string option
}

type Stage =
    | Filling
    | Sending
    /// There is something to say before the workflow is shown.
    | Created of CreatedWorkflow

type Model = {
    Type: string
    Draft: Draft
    /// Faults are said once somebody has tried to send it.
    Submitted: bool
    Stage: Stage
    Refusal: Problem option
}

type Message =
    | Drafted of Draft
    | Submitted
    | Answered of CreatedWorkflow
    | Refused of exn
    /// The form again, with a new external id.
    | Another of externalId: string
