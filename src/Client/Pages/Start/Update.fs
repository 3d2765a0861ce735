/// The update function of the form that starts a workflow.
module GopherFlow.Client.Pages.Start.Update

open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts.Elm
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Start.Model

let private usualPriority = "5"

let init (name: string) (externalId: string) : Model = {
    Type = name
    Draft = {
        ExternalId = externalId
        BusinessKey = ""
        Group = "default"
        Priority = usualPriority
        Variables = "{}"
        NextActivation = ""
    }
    Submitted = false
    Stage = Filling
    Refusal = None
}

/// Parses the variables, which must be a JSON object. The error is a text for the user.
let readVariables (text: string) : Result<obj, string> =
    let text = if text.Trim() = "" then "{}" else text

    match JsonPlace.tryFind text, Json.tryParse text with
    | Some fault, _ -> Error $"Line {fault.Line}, column {fault.Column}: expected {fault.Expected}."
    | None, None -> Error "This is not JSON."
    | None, Some value ->
        match Json.decode "variables" Json.members value with
        | Ok _ -> Ok value
        | Error _ -> Error "This must be a JSON object: { \"name\": \"Julian\" }"

let private filled (text: string) (otherwise: string) =
    if text.Trim() = "" then Some otherwise else None

let check (draft: Draft) : Faults = {
    ExternalId = filled draft.ExternalId "Enter an external ID; it must be unique."
    BusinessKey = filled draft.BusinessKey "Enter a business key; it need not be unique."
    Group = filled draft.Group "Enter the group whose executors run it."
    Variables =
        match readVariables draft.Variables with
        | Ok _ -> None
        | Error text -> Some text
}

let private isValid (faults: Faults) =
    [ faults.ExternalId; faults.BusinessKey; faults.Group; faults.Variables ]
    |> List.forall Option.isNone

let private request (name: string) (draft: Draft) (variables: obj) : Calls.StartRequest = {
    WorkflowType = name
    ExternalId = draft.ExternalId.Trim()
    BusinessKey = draft.BusinessKey.Trim()
    ExecutorGroup = draft.Group.Trim()
    Priority = int draft.Priority
    StateVars = variables
    NextActivation = ofLocalField draft.NextActivation
}

let private send (model: Model) : Model * Effect<Message> list =
    match readVariables model.Draft.Variables with
    | Ok variables when isValid (check model.Draft) ->
        let request = request model.Type model.Draft variables

        {
            model with
                Submitted = true
                Stage = Sending
                Refusal = None
        },
        [ Effect.ofPromise (fun () -> Calls.startWorkflow request) Answered Refused ]
    | _ -> { model with Submitted = true }, []

let update (message: Message) (model: Model) : Model * Effect<Message> list =
    match message with
    | Drafted draft -> { model with Draft = draft }, []
    | Message.Submitted when model.Stage = Sending -> model, []
    | Message.Submitted -> send model
    | Answered created when created.Existed || not created.Warnings.IsEmpty ->
        { model with Stage = Created created }, []
    | Answered created -> model, [ Effect.ofAction (fun () -> Router.go (Router.Workflow created.Id)) ]
    | Refused failure ->
        {
            model with
                Stage = Filling
                Refusal = Some(Problem.ofException failure)
        },
        []
    | Another externalId ->
        {
            model with
                Draft = {
                    model.Draft with
                        ExternalId = externalId
                }
                Submitted = false
                Stage = Filling
        },
        []
