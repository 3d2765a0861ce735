module GopherFlow.Client.Pages.Accounts.Update

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Api.AccountCalls
open GopherFlow.Client.Pages.Accounts.Model

let init: Model = {
    Dialog = None
    Dialogs = 0
    Busy = false
    Tried = false
    Problem = None
    Late = None
    Unshown = []
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

/// Sends only the fields that differ.
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

let private noteOf (outcome: Outcome) : string option =
    match outcome with
    | Added user -> Some $"{user.Username} is added."
    | Changed user -> Some $"{user.Username} is changed."
    | Deleted -> Some "The user is deleted."
    | SessionEnded -> Some "The session was ended."
    | SessionsEnded count -> Some(ended count)
    | KeyAdded _ -> None
    | KeyRevoked -> Some "The key is revoked. It no longer works."
    | PasswordChanged -> Some "Your password is changed, and your other sessions were ended."

/// Closes the dialog.
let private closed (model: Model) : Model = {
    init with
        Dialogs = model.Dialogs
        Unshown = model.Unshown
        Late = model.Late
        Note = model.Note
}

let private opened (dialog: Dialog) (model: Model) : Model = {
    init with
        Dialog = Some dialog
        Dialogs = model.Dialogs + 1
        Unshown = model.Unshown
}

/// Notes the result.
let private told (outcome: Outcome) (model: Model) : Model = {
    model with
        Note = noteOf outcome
        Unshown =
            match outcome with
            | KeyAdded key -> model.Unshown @ [ key ]
            | _ -> model.Unshown
}

let private isOpen (dialog: int) (model: Model) =
    model.Dialog.IsSome && dialog = model.Dialogs

let private step (msg: Msg) (model: Model) : Model * Command list =
    match msg with
    | Open dialog -> opened dialog model, []
    | Edit dialog -> { model with Dialog = Some dialog }, []
    | Close -> closed model, []
    | Submit now -> submit now model
    | Done(dialog, outcome) when isOpen dialog model ->
        told outcome (closed model),
        (match outcome with
         | Added user -> [ Refresh; Go(Router.User user.Id) ]
         | Deleted -> [ Go Router.Users; Refresh ]
         | _ -> [ Refresh ])
    // A dialog that was opened meanwhile stays open, and the page does not change.
    | Done(_, outcome) -> told outcome model, [ Refresh ]
    | Refused(dialog, problem) when isOpen dialog model ->
        {
            model with
                Busy = false
                Problem = Some problem
        },
        []
    | Refused(_, problem) -> { model with Late = Some problem }, []

/// A key is returned only once, so it is shown as soon as no other dialog is open.
let private showKey (model: Model) : Model =
    match model.Dialog, model.Unshown with
    | None, key :: others -> {
        model with
            Dialog = Some(ShowingKey key)
            Dialogs = model.Dialogs + 1
            Unshown = others
      }
    | _ -> model

let update (msg: Msg) (model: Model) : Model * Command list =
    let next, commands = step msg model
    showKey next, commands
