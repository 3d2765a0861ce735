/// Starting a workflow: choosing its type, and the form.
module GopherFlow.Client.Pages.Start

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

type Draft = {
    ExternalId: string
    BusinessKey: string
    Group: string
    Variables: string
    NextActivation: string
}

type Faults = {
    ExternalId: string option
    Group: string option
    Variables: string option
}

/// The variables of a draft as a JSON object, or what is wrong with them.
let readVariables (text: string) : Result<obj, string> =
    let text = if text.Trim() = "" then "{}" else text

    match Json.tryParse text with
    | None -> Result.Error "This is not JSON. Names and texts stand in double quotes: { \"name\": \"Julian\" }"
    | Some value ->
        match Json.decode "variables" Json.members value with
        | Ok _ -> Ok value
        | Result.Error _ -> Result.Error "This must be a JSON object: { \"name\": \"Julian\" }"

let check (draft: Draft) : Faults = {
    ExternalId =
        if draft.ExternalId.Trim() = "" then
            Some "Enter an external ID; it must be unique."
        else
            None
    Group =
        if draft.Group.Trim() = "" then
            Some "Enter the group whose executors run it."
        else
            None
    Variables =
        match readVariables draft.Variables with
        | Ok _ -> None
        | Result.Error text -> Some text
}

let private isSound (faults: Faults) =
    faults.ExternalId.IsNone && faults.Group.IsNone && faults.Variables.IsNone

let private fresh () : Draft = {
    ExternalId = Browser.randomHex 12
    BusinessKey = ""
    Group = "default"
    Variables = "{}"
    NextActivation = ""
}

let private request (name: string) (draft: Draft) (variables: obj) : Calls.StartRequest = {
    WorkflowType = name
    ExternalId = draft.ExternalId.Trim()
    BusinessKey = draft.BusinessKey.Trim()
    ExecutorGroup = draft.Group.Trim()
    StateVars = variables
    NextActivation = ofLocalField draft.NextActivation
}

let private form =
    React.functionComponent (
        "StartForm",
        fun (props: {| name: string |}) ->
            let draft, setDraft = React.useState (React.useMemo (fresh, [||]))
            let submitted, setSubmitted = React.useState false
            let busy, setBusy = React.useState false
            let problem, setProblem = React.useState (None: Problem option)
            let faults = check draft

            let send variables =
                promise {
                    setBusy true
                    setProblem None

                    try
                        let! created = request props.name draft variables |> Calls.startWorkflow
                        Router.go (Router.Workflow created.Id)
                    with failure ->
                        setProblem (Some(Problem.ofException failure))
                        setBusy false
                }

            let submit () =
                setSubmitted true

                match readVariables draft.Variables with
                | Ok variables when isSound faults -> start (send variables)
                | _ -> ()

            // What the form sees itself comes first; then what the server said of the field.
            let faultOf (field: string) (own: string option) =
                (if submitted then own else None)
                |> Option.orElse (Problem.ofField field problem)

            let field label name value hint own set : Forms.Field = {
                Label = label
                Name = name
                Value = value
                Hint = hint
                Fault = faultOf name own
                Set = set
            }

            let general =
                problem
                |> Option.filter _.Faults.IsEmpty
                |> Option.map Problem.text
                |> Option.orElse (Problem.ofField "workflowType" problem)

            Forms.form "card start-form" submit [
                Forms.refusal general
                Forms.textField
                    (field
                        "External ID"
                        "externalId"
                        draft.ExternalId
                        "Unique. Starting with one that exists leads to that workflow."
                        faults.ExternalId
                        (fun text -> setDraft { draft with ExternalId = text }))
                    [ prop.autoFocus true ]
                Forms.textField
                    (field
                        "Business key"
                        "businessKey"
                        draft.BusinessKey
                        "Your own name for it, to find it by."
                        None
                        (fun text -> setDraft { draft with BusinessKey = text }))
                    []
                Forms.textField
                    (field
                        "Executor group"
                        "executorGroup"
                        draft.Group
                        "Only executors of this group run it."
                        faults.Group
                        (fun text -> setDraft { draft with Group = text }))
                    []
                Forms.areaField
                    // Checked in place, while it is typed.
                    {
                        field "Variables" "stateVars" draft.Variables "A JSON object." None (fun text ->
                            setDraft { draft with Variables = text }) with
                            Fault = faults.Variables |> Option.orElse (Problem.ofField "stateVars" problem)
                    }
                    6
                Forms.timeField (
                    field
                        "Next activation"
                        "nextActivation"
                        draft.NextActivation
                        "Optional. Empty means now."
                        None
                        (fun text -> setDraft { draft with NextActivation = text })
                )
                Html.div [
                    prop.className "form-end"
                    prop.children [
                        Forms.cancel (fun () -> Router.go (Router.Definition props.name))
                        Forms.submit (if busy then "Starting…" else "Start workflow") busy
                    ]
                ]
            ]
    )

let private page (title: string) (elements: ReactElement list) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Html.header [ prop.className "page-head"; prop.children [ Html.h1 title ] ]
            yield! elements
        ]
    ]

let private notAllowed =
    Basics.empty "Your role is viewer." [ Html.p "Starting a workflow needs the role operator or admin." ]

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
                            Html.p [ prop.className "lead"; prop.text definition.Description ]
                            form {| name = definition.Name |}
                        ])
                else
                    notAllowed
            ]
    )

let private option' (definition: Definition) : ReactElement =
    Html.li [
        prop.key definition.Name
        prop.children [
            Basics.linkWith (Router.Start definition.Name) [
                prop.className "choice"
                prop.children [
                    Html.strong definition.Name
                    Html.span [ prop.className "faint"; prop.text definition.Description ]
                ]
            ]
        ]
    ]

/// The choice of a type.
let choice =
    React.functionComponent (
        "StartChoice",
        fun (_: {| session: Session |}) ->
            let definitions = Queries.useDefinitions ()

            page "Start a workflow of which type?" [
                shown "definitions" definitions (fun definitions ->
                    if definitions.IsEmpty then
                        Basics.empty "There are no definitions yet." [
                            Html.p "They appear when an application that registers workflows has started."
                        ]
                    else
                        Html.ul [ prop.className "choices"; prop.children (List.map option' definitions) ])
            ]
    )
