/// The frame around every page: the side bar with navigation, connection, theme and sign-out.
module GopherFlow.Client.Shell

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

let private entry (current: bool) (page: Router.Page) (icon: ReactElement) (text: string) : ReactElement =
    Basics.linkWith page [
        prop.key text
        prop.className "nav-entry"
        if current then
            prop.ariaCurrent "page"
        prop.children [ icon; Html.span text ]
    ]

let private navigation (page: Router.Page) : ReactElement =
    let isWorkflows =
        match page with
        | Router.Workflows _
        | Router.Workflow _
        | Router.StartChoice -> true
        | _ -> false

    let isDefinitions =
        match page with
        | Router.Definitions
        | Router.Definition _
        | Router.DefinitionVersion _
        | Router.Start _ -> true
        | _ -> false

    let isScripts =
        match page with
        | Router.Scripts
        | Router.Script _ -> true
        | _ -> false

    Html.nav [
        prop.ariaLabel "Pages"
        prop.children [
            entry isWorkflows (Router.Workflows WorkflowFilter.empty) Icons.list "Workflows"
            entry isDefinitions Router.Definitions Icons.flow "Definitions"
            entry isScripts Router.Scripts Icons.script "Scripts"
            entry (page = Router.Executors) Router.Executors Icons.server "Executors"
        ]
    ]

let private themeSwitch =
    React.functionComponent (
        "ThemeSwitch",
        fun (_: {| key: string |}) ->
            let theme, setTheme = React.useState (Preferences.theme ())

            let other, icon, text =
                match theme with
                | Preferences.Light -> Preferences.Dark, Icons.moon, "Dark"
                | Preferences.Dark -> Preferences.Light, Icons.sun, "Light"

            Html.button [
                prop.type' "button"
                prop.className "nav-entry"
                prop.title $"Use the {text.ToLower()} theme"
                prop.onClick (fun _ ->
                    Preferences.chooseTheme other
                    setTheme other)
                prop.children [ icon; Html.span text ]
            ]
    )

let private signOut () =
    promise {
        do! Calls.signOut ()
        Query.put [ "session" ] SignedOut
    }
    |> start

/// A word for the connection, and more on hover.
let private standing (connection: TabStream.Connection) : string * string =
    match connection with
    | TabStream.Live -> "Live", "Changes appear as they happen."
    | TabStream.Connecting -> "Connecting…", "Changes do not appear by themselves yet."
    | TabStream.Lost since ->
        "Reconnecting…",
        $"The connection to the server was lost at {Instant.exact since}. The console tries again by itself."

let private foot (session: Session) (connection: TabStream.Connection) : ReactElement =
    let word, more = standing connection

    Html.div [
        prop.className "side-foot"
        prop.children [
            Html.div [
                prop.className "connection"
                prop.role "status"
                prop.data ("connected", (if connection = TabStream.Live then "true" else "false"))
                prop.title more
                prop.text word
            ]
            themeSwitch {| key = "theme" |}
            Html.button [
                prop.type' "button"
                prop.className "nav-entry"
                prop.onClick (fun _ -> signOut ())
                prop.children [ Icons.leave; Html.span "Sign out" ]
            ]
            Html.div [
                prop.className "who"
                prop.title $"Signed in as {session.Username}, role {session.Role}"
                prop.text $"{session.Username} · {session.Role}"
            ]
        ]
    ]

let view
    (page: Router.Page)
    (session: Session)
    (connection: TabStream.Connection)
    (content: ReactElement)
    : ReactElement =
    Html.div [
        prop.className "app"
        prop.children [
            Html.div [
                prop.className "side-bar"
                prop.children [
                    Html.div [
                        prop.className "brand"
                        prop.children [ Icons.mark 26; Html.span "GopherFlow" ]
                    ]
                    navigation page
                    foot session connection
                ]
            ]
            Html.main [ prop.className "content"; prop.children [ content ] ]
        ]
    ]
