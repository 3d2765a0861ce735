/// The console: who is signed in, which page is shown, and the stream of live events.
module GopherFlow.Client.App

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Pages
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

let private usePage () : Router.Page =
    let page, setPage = React.useState (Router.current ())
    React.useEffect ((fun () -> Router.onMove (fun () -> setPage (Router.current ()))), [||])
    page

/// Follows the stream while somebody is signed in; says how its connection stands.
let private useLive () : TabStream.Connection =
    let connection, setConnection = React.useState TabStream.Connecting
    React.useEffect ((fun () -> LiveEvents.listen setConnection (LiveCache.follow ())), [||])
    connection

let private unknown (address: string) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Basics.empty $"There is no page {address}." [
                Basics.link (Router.Workflows WorkflowFilter.empty) "All workflows"
            ]
        ]
    ]

let private pageOf (page: Router.Page) (session: Session) : ReactElement =
    match page with
    | Router.Dashboard -> Dashboard.View.view {| session = session |}
    | Router.Workflows filter -> Workflows.view {| filter = filter; session = session |}
    | Router.Workflow id ->
        Workflow.View.view {|
            id = id
            session = session
            key = $"workflow-{id}"
        |}
    | Router.StartChoice -> Start.choice {| session = session |}
    | Router.Start name ->
        Start.view {|
            name = name
            session = session
            key = $"start-{name}"
        |}
    | Router.Definitions -> Definitions.view {| session = session |}
    | Router.Definition name ->
        Definition.view {|
            name = name
            version = None
            session = session
            key = $"definition-{name}"
        |}
    | Router.DefinitionVersion(name, version) ->
        Definition.view {|
            name = name
            version = Some version
            session = session
            key = $"definition-{name}-{version}"
        |}
    | Router.Scripts -> Scripts.view {| key = "scripts" |}
    | Router.Script name ->
        Script.view {|
            name = name
            session = session
            key = $"script-{name}"
        |}
    | Router.Executors -> Executors.view {| session = session |}
    | Router.Jobs
    | Router.Job _ -> Jobs.View.view {| session = session |}
    | Router.Users
    | Router.User _
    | Router.Account -> Accounts.View.view {| session = session |}
    | Router.Audit _ -> Audit.View.view {| session = session |}
    | Router.Settings -> Settings.View.view {| session = session |}
    | Router.Unknown address -> unknown address

let private signedIn =
    React.functionComponent (
        "SignedIn",
        fun (props: {| session: Session |}) ->
            let page = usePage ()
            let connection = useLive ()
            let title = $"{Router.title page} · GopherFlow"
            React.useEffect ((fun () -> Browser.document?title <- title), [| box title |])
            Shell.view page props.session connection (pageOf page props.session)
    )

/// What was read for whoever was here before is forgotten.
let private enter (session: Session) : unit =
    Query.forgetWhere (fun key -> key <> [ "session" ])
    Query.put [ "session" ] (SignedIn session)

let private visitor =
    React.functionComponent (
        "Visitor",
        fun (_: {| key: string |}) ->
            let query = Queries.useSession ()

            React.useEffect ((fun () -> Http.sessionEnded.Subscribe(fun () -> Query.put [ "session" ] SignedOut)), [||])

            match query.Data, query.Failure with
            | Some(SignedIn session), _ -> signedIn {| session = session |}
            | Some SignedOut, _ -> SignIn.view {| signedIn = enter |}
            | None, Some reason -> Basics.failure (Problem.ofException reason) query.Refetch
            | None, None -> Basics.loading "the console"
    )

let view () : ReactElement =
    Query.provide [ visitor {| key = "visitor" |} ]
