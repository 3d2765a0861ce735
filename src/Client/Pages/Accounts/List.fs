/// All users, for admins.
module GopherFlow.Client.Pages.Accounts.List

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Pages.Accounts.Model

let private table (own: Id) : Table.Table<User> = {
    Label = "Users"
    Key = _.Username
    Open = Some(fun user -> Router.User user.Id)
    Columns = [
        Table.column "User name" (fun user -> [
            Basics.link (Router.User user.Id) user.Username
            if user.Id = own then
                Html.span [ prop.className "remark"; prop.text "you" ]
        ])
        Table.column "Display name" (fun user -> [
            match user.DisplayName with
            | Some name -> Html.span [ prop.className "wraps"; prop.text name ]
            | None -> Html.none
        ])
        Table.text "Role" _.Role
        Table.column "State" (fun user -> [ Facts.standing user ])
        Table.text "Signs in with" Describe.signsInWith
        Table.column "Last sign-in" (fun user -> [ Clock.timeOr "never" user.LastSignIn ])
        Table.column "Added" (fun user -> [ Clock.time {| at = user.Created |} ])
    ]
}

/// The users whose name, display name or role contains the text.
let matching (text: string) (users: User list) : User list =
    let sought = text.Trim().ToLowerInvariant()

    users
    |> List.filter (fun user ->
        let name = user.DisplayName |> Option.defaultValue ""
        $"{user.Username} {name} {user.Role}".ToLowerInvariant().Contains sought)

let private filtered =
    React.functionComponent (
        "UserList",
        fun (props: {| users: User list; own: Id |}) ->
            let text, setText = React.useState ""
            let found = matching text props.users

            Html.fragment [
                SearchField.view "Find a user" "Name or role" text setText
                if found.IsEmpty then
                    Basics.empty $"No user is called “{text.Trim()}”." []
                else
                    Table.stacking (table props.own) found
            ]
    )

let private content =
    React.functionComponent (
        "Users",
        fun (props: {| session: Session |}) ->
            let users = Queries.useUsers true
            let model, dispatch = Run.useAccounts ()

            Html.fragment [
                Page.view
                    {
                        Title = "Users"
                        Lead = "Who can use this server, by signing in or with API keys."
                        Actions = [
                            Basics.button Basics.Primary Icons.plus "Add user" None (fun () ->
                                dispatch (Open Update.newUser))
                        ]
                    }
                    [
                        Dialogs.note model
                        Basics.shown "the users" users (fun users ->
                            filtered {|
                                users = users
                                own = props.session.UserId
                            |})
                    ]
                Dialogs.view model dispatch
            ]
    )

let view (session: Session) : ReactElement = content {| session = session |}
