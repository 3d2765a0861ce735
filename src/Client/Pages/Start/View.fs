/// The form that starts a workflow, and the notice before the workflow is opened.
module GopherFlow.Client.Pages.Start.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Start.Model

let private groupsId = "executor-groups"

let private priorities = [
    for priority in 1..9 ->
        string priority,
        match priority with
        | 1 -> "1 (first)"
        | 5 -> "5 (usual)"
        | 9 -> "9 (last)"
        | _ -> string priority
]

/// The form's own error comes first, then the server's error for the field.
let private faultOf (model: Model) (name: string) (own: string option) =
    (if model.Submitted then own else None)
    |> Option.orElse (Problem.ofField name model.Refusal)

let private groupHint (groups: string list) (group: string) =
    if groups.IsEmpty || List.contains (group.Trim()) groups then
        "Only executors of this group run it."
    else
        "No executor of this group is running now; the workflow will wait for one."

let private form (groups: string list) (model: Model) (dispatch: Message -> unit) : ReactElement =
    let draft = model.Draft
    let faults = Update.check draft
    let set draft = dispatch (Drafted draft)

    let field label name value hint own change : Forms.Field = {
        Label = label
        Name = name
        Value = value
        Hint = hint
        Fault = faultOf model name own
        Set = change >> set
    }

    let general =
        model.Refusal
        |> Option.filter _.Faults.IsEmpty
        |> Option.map Problem.text
        |> Option.orElse (Problem.ofField "workflowType" model.Refusal)

    Forms.form "card start-form" (fun () -> dispatch Message.Submitted) [
        Forms.refusal general
        Forms.textField
            (field
                "Business key"
                "businessKey"
                draft.BusinessKey
                "Your own name for it, to search for."
                faults.BusinessKey
                (fun text -> { draft with BusinessKey = text }))
            [ prop.autoFocus true ]
        Forms.textField
            (field
                "External ID"
                "externalId"
                draft.ExternalId
                "Unique. If a workflow with it exists, that workflow is opened instead."
                faults.ExternalId
                (fun text -> { draft with ExternalId = text }))
            []
        Html.div [
            prop.className "field-pair"
            prop.children [
                Forms.textField
                    (field
                        "Executor group"
                        "executorGroup"
                        draft.Group
                        (groupHint groups draft.Group)
                        faults.Group
                        (fun text -> { draft with Group = text }))
                    [ prop.custom ("list", groupsId) ]
                Forms.choiceField
                    (field "Priority" "priority" draft.Priority "The order of waiting workflows." None (fun text -> {
                        draft with
                            Priority = text
                    }))
                    priorities
            ]
        ]
        Html.custom (
            "datalist",
            [
                prop.id groupsId
                prop.children [
                    for group in groups -> Html.option [ prop.key group; prop.value group; prop.text group ]
                ]
            ]
        )
        Forms.areaField
            // Validated while the user types.
            {
                field "Variables" "stateVars" draft.Variables "A JSON object." None (fun text -> {
                    draft with
                        Variables = text
                }) with
                    Fault = faults.Variables |> Option.orElse (Problem.ofField "stateVars" model.Refusal)
            }
            6
        Forms.timeField (
            field
                "First activation"
                "nextActivation"
                draft.NextActivation
                "Optional. Empty means now."
                None
                (fun text -> { draft with NextActivation = text })
        )
        Html.div [
            prop.className "form-end"
            prop.children [
                Forms.cancel (fun () -> Router.go (Router.Definition model.Type))
                Forms.submit
                    (if model.Stage = Sending then
                         "Starting…"
                     else
                         "Start workflow")
                    (model.Stage = Sending)
            ]
        ]
    ]

let private created (workflow: CreatedWorkflow) (dispatch: Message -> unit) : ReactElement =
    let title =
        if workflow.Existed then
            $"Workflow {workflow.Id} already has this external ID; nothing was started."
        else
            $"Workflow {workflow.Id} was started."

    Html.div [
        prop.className "card start-form"
        prop.role "status"
        prop.children [
            Html.h2 title
            for warning in workflow.Warnings do
                Html.p [ prop.key warning; prop.className "caution"; prop.text warning ]
            Html.div [
                prop.className "form-end"
                prop.children [
                    button Plain Icons.play "Start another" None (fun () -> dispatch (Another(Browser.randomHex 12)))
                    linkWith (Router.Workflow workflow.Id) [
                        prop.className "button primary"
                        prop.text $"Open workflow {workflow.Id}"
                    ]
                ]
            ]
        ]
    ]

let private starting =
    React.functionComponent (
        "StartForm",
        fun (props: {| name: string |}) ->
            let model, dispatch =
                Elm.useElm (fun () -> Update.init props.name (Browser.randomHex 12), []) Update.update

            let executors = Queries.useExecutors ()

            let groups =
                defaultArg executors.Data []
                |> List.filter _.Alive
                |> List.collect _.Groups
                |> List.distinct
                |> List.sort

            match model.Stage with
            | Created workflow -> created workflow dispatch
            | Filling
            | Sending -> form groups model dispatch
    )

let private notAllowed =
    Basics.empty "Your role is viewer." [ Html.p "Starting a workflow needs the role operator or admin." ]

let private page (title: string) (content: ReactElement list) =
    Page.view
        {
            Title = title
            Lead = ""
            Actions = []
        }
        content

/// The form for one type.
let view =
    React.functionComponent (
        "Start",
        fun
            (props:
                {|
                    name: string
                    session: Session
                    key: string
                |}) ->
            let definition = Queries.useDefinition props.name

            page $"Start {props.name}" [
                if Session.mayChange props.session then
                    shown "the definition" definition (fun definition ->
                        Html.fragment [
                            if definition.Description <> "" then
                                Html.p [ prop.className "lead"; prop.text definition.Description ]
                            starting {| name = definition.Name |}
                        ])
                else
                    notAllowed
            ]
    )
