/// The settings of the server that answers, without secret values.
module GopherFlow.Client.Pages.Settings.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

/// The source of a setting.
let private from (setting: Setting) : ReactElement =
    match setting.Source with
    | Some source -> Html.div [ prop.className "faint"; prop.text $"from {source}" ]
    | None -> Html.none

let private value (setting: Setting) : ReactElement list = [
    match setting.Value, setting.IsSet, setting.Default with
    | Some value, _, _ ->
        Html.code value
        from setting
    | None, true, _ ->
        Html.span [ prop.className "faint"; prop.text "set, and secret" ]
        from setting
    | None, false, Some value ->
        Html.code [
            prop.className "faint"
            prop.title "Not set: this default applies."
            prop.text value
        ]
    | None, false, None -> Html.span [ prop.className "faint"; prop.text "not set" ]
]

let private table (label: string) : Table.Table<Setting> = {
    Label = label
    Key = _.Name
    Open = None
    Columns = [
        Table.column "Name" (fun setting -> [ Html.code [ prop.className "breaks"; prop.text setting.Name ] ])
        Table.column "Value" (fun setting -> [ Html.div [ prop.className "breaks"; prop.children (value setting) ] ])
        Table.column "Meaning" (fun setting -> [
            Html.div [
                prop.className "wraps"
                prop.text (setting.Description |> Option.defaultValue "")
            ]
        ])
    ]
}

/// The settings whose name, value, default or description contains the text.
let matching (text: string) (settings: Setting list) : Setting list =
    let sought = text.Trim().ToLowerInvariant()
    let orEmpty = Option.defaultValue ""

    settings
    |> List.filter (fun setting ->
        let all =
            $"{setting.Name} {orEmpty setting.Value} {orEmpty setting.Default} {orEmpty setting.Description}"

        all.ToLowerInvariant().Contains sought)

let private group (label: string) (settings: Setting list) : ReactElement =
    if settings.IsEmpty then
        Html.none
    else
        Page.section label [] [ Table.stacking (table label) settings ]

let private found =
    React.functionComponent (
        "FoundSettings",
        fun (props: {| settings: Setting list |}) ->
            let text, setText = React.useState ""
            let set, unset = matching text props.settings |> List.partition _.IsSet

            Html.div [
                prop.className "settings"
                prop.children [
                    SearchField.view "Find a setting" "Name, value or meaning" text setText
                    group "Set" set
                    group "Not set: the default applies" unset
                    if set.IsEmpty && unset.IsEmpty then
                        empty $"No setting has “{text.Trim()}” in it." []
                ]
            ]
    )

let private content =
    React.functionComponent (
        "Settings",
        fun (_: {| key: string |}) ->
            let settings = Queries.useSettings ()

            Page.view
                {
                    Title = "Settings"
                    Lead =
                        "The settings of the server that answered. It reads them once at startup, from the environment or appsettings.json."
                    Actions = []
                }
                [
                    shown "the settings" settings (fun settings -> found {| settings = settings |})
                ]
    )

let view =
    React.functionComponent (
        "SettingsPage",
        fun (props: {| session: Session |}) ->
            if Session.isAdmin props.session then
                content {| key = "settings" |}
            else
                AdminsOnly.view "Settings" "Only admins can see the settings of the server." []
    )
