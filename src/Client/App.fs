/// The root component: the signed-in user, the current page, and the stream of live events.
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

/// Listens to live events while there is a session; returns the state of the connection.
let private useLive (hasSession: bool) : TabStream.Connection =
    let connection, setConnection = React.useState TabStream.Connecting

    React.useEffect (
        (fun () ->
            if hasSession then
                setConnection TabStream.Connecting
                LiveEvents.listen setConnection (LiveCache.follow ())
            else
                React.createDisposable ignore),
        [| box hasSession |]
    )

    connection

/// No event reports workflows that others delete.
let private useDeletions (hasSession: bool) : unit =
    React.useEffect (
        (fun () ->
            if hasSession then
                Deletions.watch ()
            else
                React.createDisposable ignore),
        [| box hasSession |]
    )

/// The browser does not report why a stream broke. The session may have ended, so check it.
let private useCheck (isLost: bool) : unit =
    React.useEffect (
        (fun () ->
            if isLost then
                SignedInUser.check ()

                Browser.every 5000 (fun () ->
                    if not (Browser.isHidden ()) then
                        SignedInUser.check ())
            else
                React.createDisposable ignore),
        [| box isLost |]
    )

let private unknown (address: string) : ReactElement =
    Page.view
        {
            Title = "Page not found"
            Lead = $"There is no page {address}."
            Actions = []
        }
        [ Basics.link Router.Dashboard "To the dashboard" ]

let private pageOf (page: Router.Page) (session: Session) : ReactElement =
    match page with
    | Router.Dashboard -> LazyPages.dashboard {| session = session |}
    | Router.Workflows filter -> LazyPages.workflows {| filter = filter; session = session |}
    | Router.Workflow id ->
        LazyPages.workflow {|
            id = id
            session = session
            key = $"workflow-{id}"
        |}
    | Router.StartChoice -> LazyPages.startChoice {| session = session |}
    | Router.Start name ->
        LazyPages.start {|
            name = name
            session = session
            key = $"start-{name}"
        |}
    | Router.Definitions -> LazyPages.definitions {| session = session |}
    | Router.Definition name ->
        LazyPages.definition {|
            name = name
            version = None
            session = session
            key = $"definition-{name}"
        |}
    | Router.DefinitionVersion(name, version) ->
        LazyPages.definition {|
            name = name
            version = Some version
            session = session
            key = $"definition-{name}-{version}"
        |}
    | Router.Scripts -> LazyPages.scripts {| session = session; key = "scripts" |}
    | Router.Script name ->
        LazyPages.studio {|
            name = name
            session = session
            key = $"script-{name}"
        |}
    | Router.Executors -> LazyPages.executors {| session = session |}
    | Router.Jobs -> LazyPages.jobs {| session = session |}
    | Router.Job id ->
        LazyPages.job {|
            id = id
            session = session
            key = $"job-{id}"
        |}
    | Router.Schedules ->
        LazyPages.schedules {|
            session = session
            key = "schedules"
        |}
    | Router.Schedule name ->
        LazyPages.schedule {|
            name = name
            session = session
            key = $"schedule-{name}"
        |}
    | Router.Users
    | Router.User _
    | Router.Account -> LazyPages.accounts {| page = page; session = session |}
    | Router.Audit filter -> LazyPages.audit {| filter = filter; session = session |}
    | Router.Settings -> LazyPages.settings {| session = session |}
    | Router.Unknown address -> unknown address

let private signedIn =
    React.functionComponent (
        "SignedIn",
        fun (props: {| session: Session; ended: bool |}) ->
            let page = usePage ()
            let connection = useLive (not props.ended)
            useDeletions (not props.ended)

            let isLost =
                match connection with
                | TabStream.Lost _ -> not props.ended
                | _ -> false

            useCheck isLost
            let title = $"{Router.title page} · GopherFlow"
            React.useEffect ((fun () -> Browser.document?title <- title), [| box title |])

            Shell.View.view {|
                page = page
                session = props.session
                connection = connection
                content = Boundary.around (Router.address page) (pageOf page props.session)
                above =
                    if props.ended then
                        SignIn.View.again props.session
                    else
                        Html.none
            |}
    )

let private visitor =
    React.functionComponent (
        "Visitor",
        fun (_: {| key: string |}) ->
            let query = Queries.useSession ()
            React.useEffect (SignedInUser.follow, [||])

            match query.Data, query.Failure with
            | Some(SignedIn session), _ -> signedIn {| session = session; ended = false |}
            | Some(Ended session), _ -> signedIn {| session = session; ended = true |}
            | Some SignedOut, _ -> SignIn.View.view {| key = "sign-in" |}
            | None, Some reason -> Basics.failure (Problem.ofException reason) query.Refetch
            | None, None -> Basics.loading "the console"
    )

let view () : ReactElement =
    Query.provide [ visitor {| key = "visitor" |} ]
