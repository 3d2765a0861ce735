/// The frame around every page: the side bar with navigation, connection, theme and sign-out.
module GopherFlow.Client.Shell

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

/// A place of the side bar.
type private Place = {
    Section: Router.Section
    Page: Router.Page
    Icon: ReactElement
    Text: string
    /// For admins only.
    Restricted: bool
}

let private place section page icon text = {
    Section = section
    Page = page
    Icon = icon
    Text = text
    Restricted = false
}

let private places = [
    place Router.OfDashboard Router.Dashboard Icons.gauge "Dashboard"
    place Router.OfWorkflows (Router.Workflows WorkflowFilter.empty) Icons.list "Workflows"
    place Router.OfDefinitions Router.Definitions Icons.flow "Definitions"
    place Router.OfScripts Router.Scripts Icons.script "Scripts"
    place Router.OfJobs Router.Jobs Icons.stack "Jobs"
    place Router.OfExecutors Router.Executors Icons.server "Executors"
    {
        place Router.OfUsers Router.Users Icons.people "Users" with
            Restricted = true
    }
    {
        place Router.OfAudit (Router.Audit []) Icons.book "Audit log" with
            Restricted = true
    }
    {
        place Router.OfSettings Router.Settings Icons.sliders "Settings" with
            Restricted = true
    }
]

let private entry (current: Router.Section option) (place: Place) : ReactElement =
    Basics.linkWith place.Page [
        prop.key place.Text
        prop.className "nav-entry"
        prop.title place.Text
        if current = Some place.Section then
            prop.ariaCurrent "page"
        prop.children [ place.Icon; Html.span place.Text ]
    ]

let private navigation (page: Router.Page) (session: Session) : ReactElement =
    Html.nav [
        prop.ariaLabel "Pages"
        prop.children (
            places
            |> List.filter (fun place -> not place.Restricted || Session.isAdmin session)
            |> List.map (entry (Router.section page))
        )
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
            Basics.linkWith Router.Account [
                prop.className "who"
                prop.title $"Signed in as {session.Username}, role {session.Role}: your account"
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
                    navigation page session
                    foot session connection
                ]
            ]
            Html.main [ prop.className "content"; prop.children [ content ] ]
        ]
    ]
