/// The page of one user with sessions and keys: for admins, and as "Your account" for everyone.
module GopherFlow.Client.Pages.Accounts.One

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.AccountCalls
open GopherFlow.Client.Pages.Accounts.Model

let private enabling (user: User) (isOwn: bool) : Dialog =
    let change enabled =
        ChangeUser(user.Id, { noChange with Enabled = Some enabled })

    if user.Enabled then
        Asking {
            Title = $"Disable {user.Username}"
            Consequence =
                (if isOwn then
                     "This is you: you are signed out at once. "
                 else
                     "")
                + "All sessions end for good; API keys do not work until the user is enabled again."
            Action = "Disable"
            Request = change false
        }
    else
        Asking {
            Title = $"Enable {user.Username}"
            Consequence =
                $"{user.Username} can sign in again as {user.Role}, and API keys that are not revoked work again."
            Action = "Enable"
            Request = change true
        }

let private deleting (user: User) (isOwn: bool) : Dialog =
    Asking {
        Title = $"Delete {user.Username}"
        Consequence =
            (if isOwn then
                 "This is you: you are signed out at once. "
             else
                 "")
            + "All sessions and API keys are deleted. The audit log and the histories of workflows keep the name."
        Action = "Delete user"
        Request = DeleteUser user.Id
    }

/// The buttons of an admin for a user.
let private adminActions (users: User list) (user: User) (isOwn: bool) (dispatch: Msg -> unit) =
    let last = Describe.lastAdmin users user
    let opens dialog () = dispatch (Open dialog)

    [
        button Plain Icons.pencil "Edit" None (opens (Update.edit users user))
        button Plain Icons.key "Set password" None (opens (SettingPassword(user, "")))
        if user.Enabled then
            button Plain Icons.pause "Disable" last (opens (enabling user isOwn))
        else
            button Plain Icons.play "Enable" None (opens (enabling user isOwn))
        button Plain Icons.bin "Delete" last (opens (deleting user isOwn))
    ]

let private ownActions (user: User) (dispatch: Msg -> unit) = [
    button
        Plain
        Icons.key
        "Change password"
        (if user.HasPassword then
             None
         else
             Some "You sign in without a password here. An admin can set one.")
        (fun () -> dispatch (Open Update.ownPassword))
]

type private Props = {|
    id: Id
    isAccount: bool
    session: Session
    key: string
|}

let private lastAdminNote (users: User list) (user: User) : ReactElement =
    match Describe.lastAdmin users user with
    | Some reason ->
        Html.p [
            prop.className "faint"
            prop.text $"{reason} Then you can disable or delete this one."
        ]
    | None -> Html.none

/// Shows a notice if the user was deleted before the page was opened or while it is shown.
let private ifThere (id: Id) (user: Query.Query<User>) (view: User -> ReactElement) : ReactElement =
    match user.Failure with
    | Some(ApiException { Status = 404 }) ->
        empty $"There is no user {id}." [
            Html.p "The audit log and the histories of workflows keep the names of users that were deleted."
            link Router.Users "All users"
        ]
    | _ -> shown "the user" user view

let private content =
    React.functionComponent (
        "User",
        fun (props: Props) ->
            let user = Queries.useUser props.id
            let users = Queries.useUsers (Session.isAdmin props.session && not props.isAccount)
            let sessions = Queries.useSessions props.id
            let keys = Queries.useKeys props.id
            let model, dispatch = Run.useAccounts ()
            let known = users.Data |> Option.defaultValue []
            let isOwn = props.id = props.session.UserId

            let name =
                user.Data |> Option.map _.Username |> Option.defaultValue $"User {props.id}"

            Html.fragment [
                Page.view
                    {
                        Title = if props.isAccount then "Your account" else name
                        Lead = ""
                        Actions =
                            match user.Data with
                            | Some user when props.isAccount -> ownActions user dispatch
                            | Some user -> adminActions known user isOwn dispatch
                            | None -> []
                    }
                    [
                        Dialogs.note model
                        ifThere props.id user (fun user ->
                            Html.fragment [
                                if props.isAccount then
                                    Html.p [
                                        prop.className "lead"
                                        prop.text
                                            $"You are signed in as {user.Username}. {Describe.roleMeaning user.Role}"
                                    ]
                                Facts.view user
                                if not props.isAccount then
                                    lastAdminNote known user
                                shown "the sessions" sessions (fun sessions ->
                                    Sessions.view user isOwn sessions dispatch)
                                shown "the keys" keys (fun keys -> Keys.view user props.session keys dispatch)
                            ])
                    ]
                Dialogs.view model dispatch
            ]
    )

let user (id: Id) (session: Session) : ReactElement =
    content {|
        id = id
        isAccount = false
        session = session
        key = $"user-{id}"
    |}

let account (session: Session) : ReactElement =
    content {|
        id = session.UserId
        isAccount = true
        session = session
        key = "account"
    |}
