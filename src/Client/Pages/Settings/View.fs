/// What the server that answers was set to, without its secrets.
module GopherFlow.Client.Pages.Settings.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api

let private value (setting: Setting) : ReactElement list = [
    match setting.Value, setting.IsSet, setting.Default with
    | Some value, _, _ -> Html.code value
    | None, true, _ -> Html.span [ prop.className "faint"; prop.text "set, and secret" ]
    | None, false, Some value ->
        Html.span [
            prop.className "faint"
            prop.title "Not set: this is what holds."
            prop.text value
        ]
    | None, false, None -> Html.span [ prop.className "faint"; prop.text "not set" ]
]

let private table: Table.Table<Setting> = {
    Label = "Settings"
    Key = _.Name
    Open = None
    Columns = [
        Table.column "Name" (fun setting -> [ Html.code setting.Name ])
        Table.column "Value" value
        Table.text "Set in" (fun setting -> setting.Source |> Option.defaultValue "")
        Table.text "Meaning" (fun setting -> setting.Description |> Option.defaultValue "")
    ]
}

let view =
    React.functionComponent (
        "Settings",
        fun (_: {| session: Session |}) ->
            let settings = Queries.useSettings ()

            Page.view
                {
                    Title = "Settings"
                    Lead =
                        "Of the server that answers. They are read once at its start, from the environment or appsettings.json."
                    Actions = []
                }
                [ shown "the settings" settings (Table.view table) ]
    )
