/// The head of a workflow's page: what it is, how it stands, and why it waits or has failed.
module GopherFlow.Client.Pages.WorkflowHead

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Picture

let private waiting =
    React.functionComponent (
        "Waiting",
        fun (props: {| wait: Wait |}) ->
            let now = Clock.useNow ()

            Html.span [ prop.className "waiting"; prop.text (Wait.text now props.wait) ]
    )

let private waitFact (workflow: Workflow) : ReactElement =
    match Wait.ofWorkflow workflow with
    | Some wait -> waiting {| wait = wait |}
    | None -> Html.none

let private end' (workflow: Workflow) : ReactElement =
    if workflow.Finished.IsSome then
        fact "Finished" [ Clock.timeOr "" workflow.Finished ]
    else
        fact "Next activation" [ Clock.timeOr "none" workflow.NextActivation ]

/// What is asked for first; the rest is in a drawer, so that the diagram has the room.
let private facts (workflow: Workflow) : ReactElement =
    Html.div [
        prop.className "fact-rows"
        prop.children [
            Html.dl [
                prop.className "facts"
                prop.children [
                    textFact "State" workflow.State
                    textFact "Business key" workflow.BusinessKey
                    fact "Created" [ Clock.time {| at = workflow.Created |} ]
                    end' workflow
                ]
            ]
            Html.details [
                prop.className "more-facts"
                prop.children [
                    Html.summary "More"
                    Html.dl [
                        prop.className "facts"
                        prop.children [
                            fact "Version" [
                                linkWith (Router.DefinitionVersion(workflow.WorkflowType, workflow.Version)) [
                                    prop.className "value"
                                    prop.text workflow.Version
                                ]
                            ]
                            textFact "External ID" workflow.ExternalId
                            textFact "Group" workflow.ExecutorGroup
                            textFact "Executor" (workflow.ExecutorId |> Option.map string |> Option.defaultValue "")
                            textFact "Priority" (string workflow.Priority)
                            textFact "Attempts" (string workflow.ExecutionCount)
                            textFact "Retries" (string workflow.RetryCount)
                            fact "Started" [ Clock.timeOr "not yet" workflow.Started ]
                            fact "Modified" [ Clock.time {| at = workflow.Modified |} ]
                            match workflow.ParentWorkflowId with
                            | Some parent -> fact "Parent" [ workflowLink parent ]
                            | None -> ()
                        ]
                    ]
                ]
            ]
        ]
    ]

/// The reason of a failure, from the newest ERROR of the history.
let private cause (workflow: Workflow) (history: Action list) : ReactElement =
    let broken =
        List.contains (Workflow.status workflow) [ Failed; Errored ]
        || workflow.RetryCount > 0

    match history |> List.tryFind (fun action -> action.Type = "ERROR") with
    | Some error when broken ->
        Html.div [
            prop.className "cause"
            prop.role "status"
            prop.children [
                Html.strong $"{error.Name} failed "
                Clock.time {| at = error.DateTime |}
                Html.span $": {error.Text}"
            ]
        ]
    | _ -> Html.none

/// Whether this server can run it, and if not, what can be done.
let private unclaimed (definition: Definition option) (workflow: Workflow) : ReactElement =
    match definition with
    | Some definition when not definition.Registered && not (Workflow.isOver workflow) ->
        Html.div [
            prop.className "cause"
            prop.children [
                Html.strong $"Version {workflow.Version} of {workflow.WorkflowType} does not run on this server. "
                Html.span
                    "Its code is not here, or its script is disabled. The workflow goes on when that changes, or on "
                link (Router.Definition workflow.WorkflowType) "another version"
                Html.text "."
            ]
        ]
    | _ -> Html.none

let view (workflow: Workflow) (definition: Definition option) (history: Action list) (moves: ReactElement) =
    Html.header [
        prop.className "run-head"
        prop.children [
            Html.div [
                prop.className "run-title"
                prop.children [
                    Html.h1 [
                        prop.children [
                            link (Router.Definition workflow.WorkflowType) workflow.WorkflowType
                            Html.span [ prop.className "number"; prop.text $" {workflow.Id}" ]
                        ]
                    ]
                    statusChip workflow.Status
                    waitFact workflow
                    Html.div [ prop.className "moves"; prop.children [ moves ] ]
                ]
            ]
            facts workflow
            cause workflow history
            unclaimed definition workflow
        ]
    ]
