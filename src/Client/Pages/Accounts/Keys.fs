/// The API keys of a user.
module GopherFlow.Client.Pages.Accounts.Keys

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Pages.Accounts.Model

let private ask (user: User) (key: ApiKey) : Dialog =
    Asking {
        Title = $"Revoke the key “{key.Name}”"
        Consequence = "Requests with it are refused from now on. This cannot be undone."
        Action = "Revoke key"
        Request = RevokeKey(user.Id, key.Id)
    }

let private state (user: User) (key: ApiKey) : ReactElement list =
    match Describe.keyState (Instant.now ()) user key with
    | Describe.Active -> [
        Html.span [ prop.className "standing"; prop.data ("tone", "good"); prop.text "Active" ]
      ]
    | Describe.Shut -> [
        Html.span [
            prop.className "standing"
            prop.data ("tone", "waiting")
            prop.text "Its user is disabled"
        ]
      ]
    | Describe.Expired at -> [
        Html.span [ prop.className "standing"; prop.text "Expired" ]
        Html.text " "
        Clock.time {| at = at |}
      ]
    | Describe.Revoked at -> [
        Html.span [ prop.className "standing"; prop.text "Revoked" ]
        Html.text " "
        Clock.time {| at = at |}
      ]

/// A key never does more than its owner.
let private role (user: User) (key: ApiKey) : ReactElement list =
    let effective = Describe.lower user.Role key.Role

    [
        Html.text key.Role
        if effective <> key.Role then
            Html.span [
                prop.className "faint"
                prop.text $" (acts as {effective}: no more than {user.Username})"
            ]
    ]

let private table (user: User) (dispatch: Msg -> unit) : Table.Table<ApiKey> = {
    Label = "API keys"
    Key = fun key -> string key.Id
    Open = None
    Columns = [
        Table.column "Name" (fun key -> [ Html.span [ prop.className "wraps"; prop.text key.Name ] ])
        Table.column "Begins with" (fun key -> [
            if key.Beginning = "" then
                Html.span [ prop.className "faint"; prop.text "from the settings" ]
            else
                Html.code key.Beginning
        ])
        Table.column "Role" (role user)
        Table.column "State" (state user)
        Table.column "Expires" (fun key -> [ Clock.timeOr "never" key.Expires ])
        Table.column "Last used" (fun key -> [ Clock.timeOr "never" key.LastUsed ])
        Table.column "" (fun key -> [
            if key.Revoked.IsNone then
                Basics.button Basics.Plain Icons.cross "Revoke" None (fun () -> dispatch (Open(ask user key)))
        ])
    ]
}

let view (user: User) (caller: Session) (keys: ApiKey list) (dispatch: Msg -> unit) : ReactElement =
    Page.section "API keys" [
        Basics.button Basics.Plain Icons.key "Create key" None (fun () -> dispatch (Open(Update.newKey user caller)))
    ] [
        if keys.IsEmpty then
            Basics.empty "There is no API key yet." [
                Html.p "Programs call the API with a key in the header X-API-Key. A key has its own role and expiry."
            ]
        else
            Table.stacking (table user dispatch) (Describe.keysInOrder (Instant.now ()) user keys)
    ]
