/// The page of the studio: the source of a script, its diagram, and below them problems, a trial, and versions.
module GopherFlow.Client.Pages.Studio.View

open System
open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Parts.Dialog
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Studio.Model

importSideEffects "../../Styles/studio.css"

let private narrow = "(max-width: 760px)"

let private useNarrow () : bool =
    let query = React.useMemo ((fun () -> Browser.window?matchMedia narrow), [||])
    let isNarrow, set = React.useState (unbox<bool> query?matches)
    React.useEffect ((fun () -> Browser.listen query "change" (fun event -> set event?matches)), [||])
    isNarrow

/// Ctrl+S opens the deploy confirmation, Ctrl+Enter starts a trial, wherever the focus is.
let private useShortcuts (dispatch: Msg -> unit) : unit =
    let act (event: obj) =
        let isOurs: bool = event?ctrlKey || event?metaKey
        let isOpen = not (isNullOrUndefined (Browser.document?querySelector "dialog[open]"))

        match isOurs, event?key with
        | true, ("s" | "S") ->
            event?preventDefault ()

            if not isOpen then
                dispatch AskDeploy
        | true, "Enter" when not isOpen ->
            event?preventDefault ()
            dispatch TryIt
        | _ -> ()

    React.useEffect ((fun () -> Browser.listen Browser.window "keydown" act), [||])

/// The browser asks before it closes the page with a text that is not stored anywhere.
let private useWarning (model: Model) : unit =
    let isLost = isUnkept model

    React.useEffect (
        (fun () ->
            if isLost then
                Browser.listen Browser.window "beforeunload" (fun event -> event?preventDefault ())
            else
                React.createDisposable ignore),
        [| box isLost |]
    )

let private tab (model: Model) (isNarrow: bool) (dispatch: Msg -> unit) (panel: Panel) (text: string) (count: int) =
    let chosen = if isNarrow then model.Panel else model.Below

    Html.button [
        prop.key text
        prop.type' "button"
        prop.role "tab"
        prop.className "tab"
        prop.ariaSelected ((panel = chosen))
        prop.onClick (fun _ -> dispatch (Show panel))
        prop.children [
            Html.text text
            if count > 0 then
                Html.span [ prop.className "tab-count"; prop.text count ]
        ]
    ]

let private tabs (model: Model) (isNarrow: bool) (dispatch: Msg -> unit) : ReactElement =
    let tab = tab model isNarrow dispatch

    let versions, loaded =
        match model.Details with
        | Some details -> details.Versions.Length, details.Loaded.Length
        | None -> 0, 0

    Html.div [
        prop.className "tabs studio-tabs"
        prop.role "tablist"
        prop.ariaLabel "Panels"
        prop.children [
            if isNarrow then
                tab Code "Editor" 0
                tab Picture "Diagram" 0
            tab Problems "Problems" (diagnostics model).Length
            tab Try "Try" 0
            tab Versions "Versions" versions
            tab Changes "Differences" 0
            if loaded > 0 then
                tab Loaded "Loaded files" loaded
        ]
    ]

let private code (model: Model) (isNarrow: bool) (dispatch: Msg -> unit) : ReactElement =
    let found = diagnostics model

    let marks =
        React.useMemo ((fun () -> ProblemList.marks model.Name found), [| box found |])

    Html.section [
        prop.className "studio-code"
        prop.ariaLabel "Source"
        prop.children [
            Editor.editor {
                Label = $"Source of {model.Name}"
                Language = Editor.FSharp
                Text = model.Source
                Round = model.Round
                Marks = marks
                ReadOnly = not model.Admin
                GoTo = model.GoTo
                Suggest = Completions.suggest
                Changed = fun text -> dispatch (Edited(text, Time.Instant.now ()))
                Moved =
                    fun line ->
                        if line <> model.Line then
                            dispatch (CursorAt line)
                Leave = fun () -> Focus.on "after-editor"
            }
            Html.div [
                prop.id "after-editor"
                prop.className "editor-foot"
                prop.tabIndex -1
                prop.children [
                    Html.span [
                        prop.className "editor-standing"
                        prop.role "status"
                        prop.data (
                            "tone",
                            if not (isChecked model) then "idle"
                            elif faults model > 0 then "bad"
                            else "fine"
                        )
                        prop.text (ProblemList.standing model)
                    ]
                    if not isNarrow then
                        Html.span "Ctrl+S deploys · Ctrl+Enter tries · Esc leaves the editor"
                ]
            ]
        ]
    ]

let private loaded (details: ScriptDetails) : ReactElement =
    Html.div [
        for file in details.Loaded do
            Html.section [
                prop.key file.File
                prop.children [
                    Html.div [ prop.className "diff-head"; prop.text file.File ]
                    Source.view file.File file.Text (Script.faults (Script.ofDetails details))
                ]
            ]
    ]

let private versionActions
    (session: Session)
    (script: Script)
    (compare: string -> unit)
    (ask: Question -> unit)
    (move: string -> unit)
    (row: VersionTable.Row)
    = [
    if not row.Current then
        VersionTable.action "Compare" None (fun () -> compare row.Version)

        VersionTable.action
            "Roll back…"
            (if Types.Session.isAdmin session then
                 None
             else
                 Some(role session.Role))
            (fun () -> ask (Head.rollBack script row.Version))
    yield! MoveVersions.action session move row
]

let private studio =
    React.functionComponent (
        "Studio",
        fun
            (props:
                {|
                    name: string
                    session: Session
                    details: ScriptDetails option
                |}) ->
            let model, dispatch =
                Effects.useStudio props.name (Types.Session.isAdmin props.session) props.details

            let isNarrow = useNarrow ()
            let question, ask = React.useState (None: Question option)
            let moving, move = React.useState (None: string option)
            let pair, choosePair = React.useState (None: (string * string) option)
            useShortcuts dispatch
            useWarning model

            let compare (versions: string * string) =
                choosePair (Some versions)
                dispatch (Show Changes)

            let places =
                React.useMemo ((fun () -> Places.ofText model.Source), [| box model.Source |])

            let below =
                match model.Below, props.details with
                | Try, _ -> TryPanel.view {| model = model; dispatch = dispatch |}
                | Versions, Some details ->
                    details.Versions
                    |> List.map VersionTable.ofScript
                    |> VersionTable.view
                        props.name
                        (versionActions
                            props.session
                            (Script.ofDetails details)
                            (fun version -> compare (version, details.CurrentVersion |> Option.defaultValue version))
                            (Some >> ask)
                            (Some >> move))
                | Versions, None -> Html.p [ prop.className "studio-note"; prop.text "No version was deployed yet." ]
                | Changes, _ ->
                    ChangesPanel.view {|
                        model = model
                        pair = pair
                        choose = Some >> choosePair
                    |}
                | Loaded, Some details -> loaded details
                | _ -> ProblemList.view model dispatch

            Html.div [
                prop.className "studio"
                prop.data (
                    "panel",
                    match model.Panel with
                    | Code -> "code"
                    | Picture -> "picture"
                    | _ -> "below"
                )
                prop.children [
                    Html.div [
                        prop.className "studio-top"
                        prop.children [
                            Head.view props.session model (Some >> ask) dispatch
                            Head.banners props.session model compare (Some >> ask) dispatch
                        ]
                    ]
                    Aside.view {|
                        current = props.name
                        session = props.session
                    |}
                    code model isNarrow dispatch
                    PicturePane.view model (Places.stateAt model.Line places) dispatch
                    tabs model isNarrow dispatch
                    Html.div [
                        prop.className "studio-below"
                        prop.role "tabpanel"
                        prop.tabIndex 0
                        prop.children [ below ]
                    ]
                    match question with
                    | Some question -> Dialog.ask question (fun () -> ask None)
                    | None -> ()
                    MoveVersions.dialog
                        props.name
                        (props.details
                         |> Option.map (fun details -> details.Versions |> List.map VersionTable.ofScript)
                         |> Option.defaultValue [])
                        moving
                        (fun () -> move None)
                    DeployDialog.view model dispatch
                ]
            ]
    )

let private missing (name: string) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Basics.empty $"There is no script {name}." [ link Router.Scripts "All scripts" ]
        ]
    ]

/// A script that the server does not know is a new one, for users who may deploy it.
let view =
    React.functionComponent (
        "StudioPage",
        fun
            (props:
                {|
                    name: string
                    session: Session
                    key: string
                |}) ->
            let query = Queries.useScript props.name

            // While it is fetched again there is neither a script nor an error; the studio stays.
            let isNew = React.useRef false

            let isUnknown =
                match query.Data, query.Failure with
                | None, Some(ApiException problem) -> problem.Status = 404
                | _ -> false

            let mayCreate =
                Types.Session.isAdmin props.session && (NewScript.fault [] props.name).IsNone

            let open' details =
                studio {|
                    name = props.name
                    session = props.session
                    details = details
                |}

            isNew.current <- query.Data.IsNone && (isNew.current || (isUnknown && mayCreate))

            match query.Data with
            | Some details -> open' (Some details)
            | None when isNew.current -> open' None
            | None when isUnknown -> missing props.name
            | None -> shown "the script" query (Some >> open')
    )
