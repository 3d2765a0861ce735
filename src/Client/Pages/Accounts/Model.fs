/// The model of the account pages: dialogs about users, sessions and keys.
module GopherFlow.Client.Pages.Accounts.Model

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.AccountCalls

type UserForm = {
    Username: string
    DisplayName: string
    Role: string
    /// Without a password the user can only use API keys.
    HasPassword: bool
    Password: string
}

type EditForm = {
    User: User
    DisplayName: string
    Role: string
    /// Why the role cannot be changed; None when it can.
    RoleIsKept: string option
}

type OwnPasswordForm = {
    Old: string
    New: string
    Again: string
}

/// The lifetime of a key.
type Life =
    | Days of int
    | Until of localTime: string
    | ForEver

type KeyForm = {
    Owner: Id
    /// The highest role that the key may have.
    Highest: string
    Name: string
    Role: string
    Life: Life
}

type Request =
    | AddUser of NewUser
    | ChangeUser of Id * UserChange
    | DeleteUser of Id
    | EndSession of user: Id * session: Id
    | EndSessions of user: Id
    | AddKey of user: Id * NewKey
    | RevokeKey of user: Id * key: Id
    | ChangePassword of old: string * next: string

/// The confirmation of an operation.
type Question = {
    Title: string
    /// What the operation does.
    Consequence: string
    /// The text of the button.
    Action: string
    Request: Request
}

type Dialog =
    | Adding of UserForm
    | Editing of EditForm
    | SettingPassword of User * password: string
    | ChangingPassword of OwnPasswordForm
    | AddingKey of KeyForm
    /// The only time that the key itself is shown.
    | ShowingKey of CreatedApiKey
    | Asking of Question

type Model = {
    Dialog: Dialog option
    /// The number of dialogs opened so far, which is the number of the open one.
    Dialogs: int
    Busy: bool
    /// Whether saving was attempted: only then are errors shown.
    Tried: bool
    Problem: Problem option
    /// A refusal that arrived after its dialog was closed.
    Late: Problem option
    /// New keys that arrived while another dialog was open.
    Unshown: CreatedApiKey list
    /// The text of the last result.
    Note: string option
}

type Outcome =
    | Added of User
    | Changed of User
    | Deleted
    | SessionEnded
    | SessionsEnded of int
    | KeyAdded of CreatedApiKey
    | KeyRevoked
    | PasswordChanged

type Msg =
    | Open of Dialog
    | Edit of Dialog
    | Close
    | Submit of now: Instant
    /// For the dialog with that number, which may have been closed.
    | Done of dialog: int * Outcome
    | Refused of dialog: int * Problem

type Command =
    | Send of Request
    /// Fetches the data of users again.
    | Refresh
    | Go of Router.Page
