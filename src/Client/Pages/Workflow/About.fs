/// Details of a workflow and of the selected state.
module GopherFlow.Client.Pages.Workflow.About

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Pages.Workflow.Model

let private line (name: string) (values: ReactElement list) : ReactElement =
    Html.div [
        prop.key name
        prop.className "about-line"
        prop.children [ Html.dt name; Html.dd values ]
    ]

let private text (name: string) (value: string) : ReactElement =
    line name [
        if value = "" then
            Html.span [ prop.className "faint"; prop.text "none" ]
        else
            Html.span [ prop.className "value"; prop.title value; prop.text value ]
    ]

let private exact (name: string) (absent: string) (at: Instant option) : ReactElement =
    line name [
        match at with
        | Some at -> Telling.at at
        | None -> Html.span [ prop.className "faint"; prop.text absent ]
    ]

let view (workflow: Workflow) : ReactElement =
    Html.dl [
        prop.className "about"
        prop.children [
            line "Type" [ link (Router.Definition workflow.WorkflowType) workflow.WorkflowType ]
            line "Version" [
                link (Router.DefinitionVersion(workflow.WorkflowType, workflow.Version)) workflow.Version
            ]
            text "External id" workflow.ExternalId
            text "Business key" workflow.BusinessKey
            match workflow.ParentWorkflowId with
            | Some parent -> line "Parent" [ workflowLink parent ]
            | None -> ()
            text "Open children" (string workflow.OpenChildren)
            text "Executor group" workflow.ExecutorGroup
            text "Executor" (workflow.ExecutorId |> Option.map string |> Option.defaultValue "")
            text "Priority" $"{workflow.Priority} (1 first, 9 last)"
            text "Attempts" $"{workflow.ExecutionCount} over all states"
            text "Failed in its state" (string workflow.RetryCount)
            exact "Created" "" (Some workflow.Created)
            exact "Started" "not yet" workflow.Started
            exact "Changed" "" (Some workflow.Modified)
            exact "Due" "nothing is planned" workflow.NextActivation
            match workflow.HeldActivation with
            | Some _ -> exact "Due once resumed" "" workflow.HeldActivation
            | None -> ()
            exact "Ended" "not yet" workflow.Finished
            match workflow.DeadlineState with
            | Some state -> text "If the deadline passes" state
            | None -> ()
            match workflow.LastError with
            | Some error -> line "Last error" [ Html.span [ prop.className "wrap"; prop.text error ] ]
            | None -> ()
        ]
    ]

/// A summary of the selected state.
let state
    (definition: Definition option)
    (path: WorkflowPath option)
    (name: string)
    (dispatch: Message -> unit)
    : ReactElement =
    let declared =
        definition
        |> Option.bind (fun definition -> definition.States |> List.tryFind (fun state -> state.Name = name))

    let visits =
        path
        |> Option.bind (fun path -> path.States |> List.tryFind (fun visits -> visits.State = name))

    let words: string list = [
        match visits with
        | Some visits ->
            if visits.Visits = 1.0 then
                "1 visit"
            else
                $"{visits.Visits} visits"

            if visits.FailedAttempts > 0.0 then
                $"{visits.Attempts} attempts, {visits.FailedAttempts} failed"

            if visits.RanSeconds > 0.0 then
                $"ran {Telling.length visits.RanSeconds}"

            if visits.Seconds >= 1.0 then
                $"there for {Telling.length visits.Seconds}"
        | None -> "not visited"
        match declared with
        | Some state -> yield! Rules.ofState state
        | None -> ()
    ]

    Html.div [
        prop.className "chosen-state"
        prop.testId "chosen-state"
        match declared with
        | Some state -> prop.data ("type", state.Type)
        | None -> ()
        prop.children [
            Html.div [
                Html.strong name
                Html.p [ prop.className "faint"; prop.text (String.concat " · " words) ]
            ]
            iconButton Icons.cross "Show all states" false (fun () -> dispatch StateCleared)
        ]
    ]
