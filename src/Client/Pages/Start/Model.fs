/// The model of the form that starts a workflow.
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
    /// Shows a notice before the workflow is opened.
    | Created of CreatedWorkflow

type Model = {
    Type: string
    Draft: Draft
    /// Whether sending was attempted: only then are errors shown.
    Submitted: bool
    Stage: Stage
    Refusal: Problem option
}

type Message =
    | Drafted of Draft
    | Submitted
    | Answered of CreatedWorkflow
    | Refused of exn
    /// Shows the form again, with a new external id.
    | Another of externalId: string
