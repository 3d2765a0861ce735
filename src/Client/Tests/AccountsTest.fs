module GopherFlow.Client.Tests.AccountsTest

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Api.AccountCalls
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Accounts
open GopherFlow.Client.Pages.Accounts.Model
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Tests.Vitest

let private admin = user 1.0 "admin" "admin"
let private ann = user 2.0 "ann" "operator"

let private opened dialog =
    Update.update (Open dialog) Update.init |> fst

let private submitted dialog =
    opened dialog |> Update.update (Submit noon)

let private sent dialog = submitted dialog |> snd

let private filled: UserForm = {
    Username = " bob "
    DisplayName = ""
    Role = "operator"
    HasPassword = true
    Password = "long enough"
}

test "the last enabled admin is protected" (fun () ->
    let second = user 3.0 "second" "admin"
    isTrue "alone" (Describe.lastAdmin [ admin; ann ] admin).IsSome
    isTrue "two" (Describe.lastAdmin [ admin; second ] admin).IsNone
    isTrue "the other is disabled" (Describe.lastAdmin [ admin; { second with Enabled = false } ] admin).IsSome
    isTrue "no admin" (Describe.lastAdmin [ admin; ann ] ann).IsNone
    isTrue "not known yet" (Describe.lastAdmin [] admin).IsNone)

test "a new user with an empty name or a short password is not sent" (fun () ->
    let model, commands =
        submitted (
            Adding {
                filled with
                    Username = " "
                    Password = "short"
            }
        )

    equal [] commands
    isTrue "errors are shown" model.Tried
    equal [ "username"; "password" ] (Describe.faults noon model.Dialog.Value |> List.map fst))

test "a user is added once, with the name trimmed" (fun () ->
    let model, commands = submitted (Adding filled)

    equal
        [
            Send(
                AddUser {
                    Username = "bob"
                    DisplayName = ""
                    Role = "operator"
                    Password = Some "long enough"
                }
            )
        ]
        commands

    equal [] (Update.update (Submit noon) model |> snd))

test "a user that only has API keys needs no password" (fun () ->
    match sent (Adding { filled with HasPassword = false }) with
    | [ Send(AddUser add) ] -> equal None add.Password
    | other -> failwithf "%A" other)

test "an edit sends only the changed fields" (fun () ->
    let form = {
        User = ann
        DisplayName = ""
        Role = "admin"
        RoleIsKept = None
    }

    equal [ Send(ChangeUser(2.0, { noChange with Role = Some "admin" })) ] (sent (Editing form))

    equal
        [
            Send(
                ChangeUser(
                    2.0,
                    {
                        noChange with
                            DisplayName = Some "Ann"
                    }
                )
            )
        ]
        (sent (
            Editing {
                form with
                    DisplayName = "Ann"
                    Role = "operator"
            }
        )))

test "the role of a key exceeds neither its owner's role nor the current user's" (fun () ->
    let highest owner role =
        match Update.newKey owner (session role) with
        | AddingKey form -> form.Highest, form.Role
        | other -> failwithf "%A" other

    equal ("operator", "operator") (highest ann "admin")
    equal ("viewer", "viewer") (highest admin "viewer")
    equal [ "viewer"; "operator" ] (Describe.rolesUpTo "operator"))

let private keyForm: KeyForm = {
    Owner = 2.0
    Highest = "viewer"
    Name = "import"
    Role = "viewer"
    Life = Days 30
}

test "a key expires after the chosen number of days, or never" (fun () ->
    let form = keyForm

    let expires life =
        match sent (AddingKey { form with Life = life }) with
        | [ Send(AddKey(_, key)) ] -> key.Expires
        | other -> failwithf "%A" other

    equal (Some(Instant.add (30.0 * 24.0 * 3600000.0) noon)) (expires (Days 30))
    equal None (expires ForEver)
    equal [] (sent (AddingKey { form with Life = Until "" }))

    equal
        []
        (sent (
            AddingKey {
                form with
                    Life = Until "2001-01-01T00:00"
            }
        )))

let private key: ApiKey = {
    Id = 1.0
    Name = "import"
    Beginning = "gflow_abc"
    Role = "viewer"
    Created = noon
    Expires = None
    LastUsed = None
    Revoked = None
}

test "a new key is shown at once, and is gone after its dialog is closed" (fun () ->
    let created = { Key = "gflow_abcdef"; Details = key }

    let model, commands =
        submitted (AddingKey keyForm)
        |> fst
        |> Update.update (Done(1, KeyAdded created))

    equal (Some(ShowingKey created)) model.Dialog
    equal [ Refresh ] commands
    equal None (Update.update Close model |> fst).Dialog)

test "a key that arrives late is shown when no other dialog is open" (fun () ->
    let created = { Key = "gflow_abcdef"; Details = key }

    let waiting =
        submitted (AddingKey keyForm)
        |> fst
        |> Update.update Close
        |> fst
        |> Update.update (Open(Adding filled))
        |> fst
        |> Update.update (Done(1, KeyAdded created))
        |> fst

    equal (Some(Adding filled)) waiting.Dialog
    equal (Some(ShowingKey created)) (Update.update Close waiting |> fst).Dialog)

test "the state of a key" (fun () ->
    let before, after = Instant.add -1.0 noon, Instant.add 1.0 noon
    equal Describe.Active (Describe.keyState noon ann { key with Expires = Some after })
    equal (Describe.Expired before) (Describe.keyState noon ann { key with Expires = Some before })
    equal (Describe.Revoked before) (Describe.keyState noon ann { key with Revoked = Some before })
    equal Describe.Shut (Describe.keyState noon { ann with Enabled = false } key))

test "expired and revoked keys are listed last" (fun () ->
    let over = {
        key with
            Id = 9.0
            Revoked = Some noon
    }

    equal [ 1.0; 9.0 ] (Describe.keysInOrder noon ann [ over; key ] |> List.map _.Id))

test "a new password of your own must be typed twice" (fun () ->
    let faults next again =
        Describe.faults
            noon
            (ChangingPassword {
                Old = "old one"
                New = next
                Again = again
            })
        |> List.map fst

    equal [] (faults "long enough" "long enough")
    equal [ "again" ] (faults "long enough" "long enouhg")
    equal [ "newPassword" ] (faults "short" "short"))

test "a refused request leaves the form open and shows the reason" (fun () ->
    let problem = Problem.ofAnswer 409 None """{"title":"The user already exists"}"""

    let model =
        submitted (Adding filled) |> fst |> Update.update (Refused(1, problem)) |> fst

    equal (Some(Adding filled)) model.Dialog
    equal (Some problem) model.Problem
    isTrue "it may be sent again" (not model.Busy))

let private deleting: Dialog =
    Asking {
        Title = "Delete ann"
        Consequence = ""
        Action = "Delete user"
        Request = DeleteUser 2.0
    }

test "deleting a user returns to the list" (fun () ->
    let commands = submitted deleting |> fst |> Update.update (Done(1, Deleted)) |> snd
    isTrue "list" (List.contains (Go Router.Users) commands))

test "a late response neither closes a newer dialog nor leaves the page" (fun () ->
    let other =
        submitted deleting
        |> fst
        |> Update.update Close
        |> fst
        |> Update.update (Open(Adding filled))
        |> fst

    let model, commands = Update.update (Done(1, Deleted)) other
    equal (Some(Adding filled)) model.Dialog
    equal [ Refresh ] commands
    let problem = Problem.ofAnswer 409 None """{"title":"It is the last admin"}"""
    let model, _ = Update.update (Refused(1, problem)) other
    equal (None, Some problem) (model.Problem, model.Late))

test "browsers are shown by name" (fun () ->
    let chrome =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

    equal "Chrome on Linux" (Describe.browser (Some chrome))
    equal "Edge on Linux" (Describe.browser (Some $"{chrome} Edg/140.0"))
    equal "curl" (Describe.browser (Some "curl/7.88.1"))
    equal "a program" (Describe.browser (Some "a program"))
    equal "unknown" (Describe.browser None))

test "users are found by name, display name and role" (fun () ->
    let users = [
        admin
        {
            ann with
                DisplayName = Some "Ann Example"
        }
    ]

    let found text =
        Accounts.List.matching text users |> List.map _.Username

    equal [ "ann" ] (found " exam")
    equal [ "admin" ] (found "ADMIN")
    equal [ "admin"; "ann" ] (found ""))

test "server errors about a user name are shown in the form's own words" (fun () ->
    let problem status =
        Problem.ofAnswer
            status
            None
            """{"title":"No","errors":[{"field":"username","detail":"wire"},{"field":"role","detail":"own words"}]}"""
        |> Some

    equal (Some "A user with this name already exists.") (Describe.serverFault "username" (problem 409))
    isTrue "rule" ((Describe.serverFault "username" (problem 400)).Value.StartsWith "A name starts")
    equal (Some "own words") (Describe.serverFault "role" (problem 400))
    equal None (Describe.serverFault "password" (problem 400)))
