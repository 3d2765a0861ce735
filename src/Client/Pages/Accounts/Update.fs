module GopherFlow.Client.Pages.Accounts.Update

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Api.AccountCalls
open GopherFlow.Client.Pages.Accounts.Model

let init: Model = {
    Dialog = None
    Busy = false
    Tried = false
    Problem = None
    Note = None
}

let newUser: Dialog =
    Adding {
        Username = ""
        DisplayName = ""
        Role = "viewer"
        HasPassword = true
        Password = ""
    }

let newKey (owner: User) (caller: Session) : Dialog =
    let highest = Describe.lower owner.Role caller.Role

    AddingKey {
        Owner = owner.Id
        Highest = highest
        Name = ""
        Role = highest
        Life = Days 90
    }

let edit (users: User list) (user: User) : Dialog =
    Editing {
        User = user
        DisplayName = user.DisplayName |> Option.defaultValue ""
        Role = user.Role
        RoleIsKept = Describe.lastAdmin users user
    }

let ownPassword = ChangingPassword { Old = ""; New = ""; Again = "" }

let private addUser (form: UserForm) : Request =
    AddUser {
        Username = form.Username.Trim()
        DisplayName = form.DisplayName.Trim()
        Role = form.Role
        Password = if form.HasPassword then Some form.Password else None
    }

/// Only what differs.
let private change (form: EditForm) : Request =
    let name = form.DisplayName.Trim()

    ChangeUser(
        form.User.Id,
        {
            noChange with
                DisplayName =
                    if name = (form.User.DisplayName |> Option.defaultValue "") then
                        None
                    else
                        Some name
                Role = if form.Role = form.User.Role then None else Some form.Role
        }
    )

let private day = 86400000.0

let private addKey (now: Instant) (form: KeyForm) : Request =
    AddKey(
        form.Owner,
        {
            Name = form.Name.Trim()
            Role = form.Role
            Expires =
                match form.Life with
                | Days count -> Some(Instant.add (float count * day) now)
                | Until text -> ofLocalField text
                | ForEver -> None
        }
    )

let private request (now: Instant) (dialog: Dialog) : Request option =
    match dialog with
    | Adding form -> Some(addUser form)
    | Editing form -> Some(change form)
    | SettingPassword(user, password) ->
        Some(
            ChangeUser(
                user.Id,
                {
                    noChange with
                        Password = Some password
                }
            )
        )
    | ChangingPassword form -> Some(ChangePassword(form.Old, form.New))
    | AddingKey form -> Some(addKey now form)
    | Asking question -> Some question.Request
    | ShowingKey _ -> None

let private submit (now: Instant) (model: Model) : Model * Command list =
    match model.Dialog with
    | Some dialog when not model.Busy ->
        match Describe.faults now dialog, request now dialog with
        | [], Some request ->
            {
                model with
                    Busy = true
                    Tried = true
                    Problem = None
            },
            [ Send request ]
        | _ ->
            {
                model with
                    Tried = true
                    Problem = None
            },
            []
    | _ -> model, []

let private ended (count: int) =
    match count with
    | 0 -> "There was no other session."
    | 1 -> "One session was ended."
    | count -> $"{count} sessions were ended."

let private finished (outcome: Outcome) : Model * Command list =
    let note text = { init with Note = Some text }

    match outcome with
    | Added user -> init, [ Refresh; Go(Router.User user.Id) ]
    | Changed user -> note $"{user.Username} is changed.", [ Refresh ]
    | Deleted -> init, [ Go Router.Users; Refresh ]
    | SessionEnded -> note "The session was ended.", [ Refresh ]
    | SessionsEnded count -> note (ended count), [ Refresh ]
    | KeyAdded key ->
        {
            init with
                Dialog = Some(ShowingKey key)
        },
        [ Refresh ]
    | KeyRevoked -> note "The key is revoked. It no longer works.", [ Refresh ]
    | PasswordChanged -> note "Your password is changed, and your other sessions were ended.", [ Refresh ]

let update (msg: Msg) (model: Model) : Model * Command list =
    match msg with
    | Open dialog -> { init with Dialog = Some dialog }, []
    | Edit dialog -> { model with Dialog = Some dialog }, []
    | Close -> { init with Note = model.Note }, []
    | Submit now -> submit now model
    | Done outcome -> finished outcome
    | Refused problem ->
        {
            model with
                Busy = false
                Problem = Some problem
        },
        []
