/// What is being changed about users, their sessions and their keys.
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
    /// Why the role stays; None when it may change.
    RoleIsKept: string option
}

type OwnPasswordForm = {
    Old: string
    New: string
    Again: string
}

/// How long a key is good for.
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

/// Asked before something is done that cannot be taken back.
type Question = {
    Title: string
    /// What it will do.
    Consequence: string
    /// The word on the button.
    Action: string
    Request: Request
}

type Dialog =
    | Adding of UserForm
    | Editing of EditForm
    | SettingPassword of User * password: string
    | ChangingPassword of OwnPasswordForm
    | AddingKey of KeyForm
    /// The one time that the key itself is there.
    | ShowingKey of CreatedApiKey
    | Asking of Question

type Model = {
    Dialog: Dialog option
    /// How many dialogs were opened: the number of the one that is open.
    Dialogs: int
    Busy: bool
    /// Faults are shown after the first attempt to save.
    Tried: bool
    Problem: Problem option
    /// Why something was refused whose dialog is closed.
    Late: Problem option
    /// Keys that came while another dialog was open.
    Unshown: CreatedApiKey list
    /// What was done, in words.
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
    /// To the dialog of that number, which may be closed by now.
    | Done of dialog: int * Outcome
    | Refused of dialog: int * Problem

type Command =
    | Send of Request
    /// Reads again what is shown of users.
    | Refresh
    | Go of Router.Page
