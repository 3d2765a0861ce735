/// The frame around every page: navigation, connection, theme, account, and overlays.
module GopherFlow.Client.Shell.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Shell.Places
open GopherFlow.Client.Shell.Model

let private entry (current: Router.Section option) (place: Place) : ReactElement =
    Basics.linkWith place.Page [
        prop.key place.Text
        prop.className "nav-entry"
        if current = Some place.Section then
            prop.ariaCurrent "page"
        prop.children [ place.Icon; Html.span place.Text ]
    ]

let private navigation (page: Router.Page) (session: Session) : ReactElement =
    Html.nav [
        prop.ariaLabel "Pages"
        prop.children (Places.of' session |> List.map (entry (Router.section page)))
    ]

let private themes = [
    Preferences.Light, Icons.sun, "Light"
    Preferences.Dark, Icons.moon, "Dark"
    Preferences.System, Icons.screen, "As the system"
]

let private themeSwitch (model: Model) (dispatch: Msg -> unit) : ReactElement =
    Html.div [
        prop.className "themes"
        prop.role "group"
        prop.ariaLabel "Theme"
        prop.children [
            for theme, icon, text in themes ->
                Html.button [
                    prop.key text
                    prop.type' "button"
                    prop.title text
                    prop.ariaLabel text
                    prop.ariaPressed (model.Theme = theme)
                    prop.onClick (fun _ -> dispatch (Choose theme))
                    prop.children [ icon ]
                ]
        ]
    ]

let private connectionMark (connection: TabStream.Connection) : ReactElement =
    let word, more = Standing.word connection

    Html.div [
        prop.className "connection"
        prop.role "status"
        prop.data ("connected", (if connection = TabStream.Live then "true" else "false"))
        prop.title more
        prop.children [ Html.span word ]
    ]

let private action (icon: ReactElement) (text: string) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.type' "button"
        prop.className "nav-entry"
        prop.onClick (fun _ -> act ())
        prop.children [ icon; Html.span text ]
    ]

let private account (page: Router.Page) (session: Session) : ReactElement =
    Basics.linkWith Router.Account [
        prop.className "nav-entry"
        prop.title $"Signed in as {session.Username}, role {session.Role}: your account"
        if page = Router.Account then
            prop.ariaCurrent "page"
        prop.children [
            Icons.person
            Html.span [ prop.className "value"; prop.text $"{session.Username} · {session.Role}" ]
        ]
    ]

/// The content of the side bar; narrow screens show it in a drawer.
let private bar page session connection model dispatch : ReactElement =
    Html.fragment [
        Html.div [
            prop.className "brand"
            prop.children [ Icons.mark 26; Html.span "GopherFlow" ]
        ]
        navigation page session
        Html.div [
            prop.className "side-foot"
            prop.children [
                connectionMark connection
                action Icons.search "Search or run…" (fun () -> dispatch (Show Palette))
                account page session
                action Icons.leave "Sign out" (fun () -> dispatch SignOut)
                themeSwitch model dispatch
            ]
        ]
    ]

let private top (connection: TabStream.Connection) (dispatch: Msg -> unit) : ReactElement =
    Html.header [
        prop.className "top-bar"
        prop.children [
            Basics.iconButton Icons.menu "Menu" false (fun () -> dispatch (Show Menu))
            Html.div [
                prop.className "brand"
                prop.children [ Icons.mark 22; Html.span "GopherFlow" ]
            ]
            Html.div [ prop.className "connection-dot"; prop.children [ connectionMark connection ] ]
            Basics.iconButton Icons.search "Search or run a command" false (fun () -> dispatch (Show Palette))
        ]
    ]

/// A banner, shown while the connection has been lost for some time.
let private lost =
    React.functionComponent (
        "Lost",
        fun (props: {| connection: TabStream.Connection |}) ->
            match Standing.lostSince (Clock.useNow ()) props.connection with
            | None -> Html.none
            | Some since ->
                Banner.view Banner.Warning [
                    Html.strong "The connection to the server was lost"
                    Html.text " "
                    Clock.time {| at = since |}
                    Html.text ". What you see may be out of date. The console keeps trying to connect again."
                ] []
    )

let private overlay page session connection (model: Model) (dispatch: Msg -> unit) : ReactElement =
    let close () = dispatch Close

    let modal title shape shows : Modal.Modal = {
        Title = title
        Shape = shape
        ShowsTitle = shows
        Close = Some close
    }

    let run (does: Palette.Does) =
        close ()

        match does with
        | Palette.Opens page -> Router.go page
        | Palette.Colours theme -> dispatch (Choose theme)
        | Palette.ShowsShortcuts -> dispatch (Show Shortcuts)
        | Palette.SignsOut -> dispatch SignOut

    match model.Overlay with
    | Nothing -> Html.none
    | Shortcuts -> Modal.view (modal "Keyboard shortcuts" "wide" true) (Keyboard.sheet (Places.of' session) close)
    | Palette -> Modal.view (modal "Command palette" "top" false) (PaletteView.view {| session = session; run = run |})
    | Menu -> Modal.view (modal "Menu" "drawer" false) (bar page session connection model dispatch)

let private effect (command: Command) : Elm.Effect<Msg> =
    match command with
    | Go page -> Elm.Effect.ofAction (fun () -> Router.go page)
    | FocusSearch -> Elm.Effect.ofAction Keyboard.focusSearch
    | Keep theme -> Elm.Effect.ofAction (fun () -> Preferences.chooseTheme theme)
    | EndSession ->
        fun dispatch ->
            Calls.signOut ()
            |> map (fun () -> SignedInUser.leave ())
            |> catch (fun failure ->
                dispatch (SignOutFailed(failure |> Problem.ofException |> Problem.text))
                resolved ())
            |> start

type private Props = {|
    page: Router.Page
    session: Session
    connection: TabStream.Connection
    content: ReactElement
    above: ReactElement
|}

let private frame =
    React.functionComponent (
        "Shell",
        fun (props: Props) ->
            let places = Places.of' props.session

            let model, dispatch =
                Elm.useElm (fun () -> Update.init (Preferences.theme ()), []) (fun msg model ->
                    let next, commands = Update.update places msg model
                    next, List.map effect commands)

            let held = React.useRef model
            held.current <- model

            let taken press =
                (Update.meaning places held.current press).IsSome

            React.useEffect ((fun () -> Keyboard.listen taken (Pressed >> dispatch)), [||])
            React.useEffect ((fun () -> Preferences.onThemeElsewhere (ThemeChosen >> dispatch)), [||])

            React.useEffect (
                (fun () ->
                    if held.current.Overlay = Menu then
                        dispatch Close),
                [| box (Router.address props.page) |]
            )

            Focus.useHeading (Router.title props.page)

            let isLost =
                match props.connection with
                | TabStream.Lost _ -> true
                | _ -> false

            Html.div [
                prop.className "app"
                prop.data ("lost", (if isLost then "true" else "false"))
                prop.children [
                    top props.connection dispatch
                    Html.header [
                        prop.className "side-bar"
                        prop.children [ bar props.page props.session props.connection model dispatch ]
                    ]
                    Html.main [
                        prop.className "content"
                        prop.tabIndex -1
                        prop.children [
                            lost {| connection = props.connection |}
                            match model.StillIn with
                            | Some reason ->
                                Banner.view Banner.Bad [ Html.text $"You are still signed in. {reason}" ] [
                                    Basics.button Basics.Plain Icons.leave "Sign out" None (fun () -> dispatch SignOut)
                                ]
                            | None -> Html.none
                            Html.div [ prop.className "content-page"; prop.children [ props.content ] ]
                        ]
                    ]
                    overlay props.page props.session props.connection model dispatch
                    props.above
                ]
            ]
    )

let view (props: Props) : ReactElement = frame props
