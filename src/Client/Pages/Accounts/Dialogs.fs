/// The dialogs about users and keys.
module GopherFlow.Client.Pages.Accounts.Dialogs

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Accounts.Model

/// Builds a field with its error: the server's, or else that of the form.
let private fieldOf (model: Model) (dialog: Dialog) name label hint value set : Forms.Field =
    let ours () =
        if model.Tried then
            Describe.faults (Instant.now ()) dialog
            |> List.tryFind (fst >> (=) name)
            |> Option.map snd
        else
            None

    let servers = Describe.serverFault name model.Problem

    {
        Label = label
        Name = name
        Value = value
        Hint = hint
        Fault = ours () |> Option.orElse servers
        Set = set
    }

let private fieldsOf = [
    "username"
    "displayName"
    "password"
    "oldPassword"
    "newPassword"
    "name"
    "role"
    "expires"
]

/// The reason of a refusal, unless a field shows it.
let private refusal (model: Model) : ReactElement =
    let isTold (problem: Problem) =
        not problem.Faults.IsEmpty
        && problem.Faults |> List.forall (fun fault -> List.contains fault.Field fieldsOf)

    model.Problem
    |> Option.filter (isTold >> not)
    |> Option.map Problem.text
    |> Forms.refusal

let private roleField (field: Forms.Field) (roles: string list) : ReactElement =
    Forms.choiceField
        {
            field with
                Hint =
                    if field.Hint = "" then
                        Describe.roleMeaning field.Value
                    else
                        field.Hint
        }
        [ for role in roles -> role, role ]

let private ending (model: Model) (dispatch: Msg -> unit) (action: string) : ReactElement =
    Html.div [
        prop.className "form-end"
        prop.children [ Forms.cancel (fun () -> dispatch Close); Forms.submit action model.Busy ]
    ]

let private form (model: Model) (dispatch: Msg -> unit) (action: string) (elements: ReactElement list) : ReactElement =
    Forms.form "dialog-form" (fun () -> dispatch (Submit(Instant.now ()))) [
        refusal model
        yield! elements
        ending model dispatch action
    ]

let private passwordHint =
    "At least 8 characters. Send it to the user over a secure channel; they can change it under Your account."

let private adding (model: Model) dispatch (user: UserForm) : ReactElement =
    let set next = dispatch (Edit(Adding next))
    let field name = fieldOf model (Adding user) name

    form model dispatch "Add user" [
        Forms.textField
            (field "username" "User name" "Letters, digits and . _ - @ +" user.Username (fun text ->
                set { user with Username = text }))
            [ prop.autoFocus true ]
        Forms.textField
            (field "displayName" "Display name" "The name of the person; may be empty." user.DisplayName (fun text ->
                set { user with DisplayName = text }))
            []
        roleField (field "role" "Role" "" user.Role (fun role -> set { user with Role = role })) Describe.roles
        Forms.choiceField
            (field
                "signsIn"
                "Signs in with"
                (if user.HasPassword then
                     ""
                 else
                     "Nobody can sign in as this user until a password is set. Its API keys work.")
                (if user.HasPassword then "password" else "keys")
                (fun choice ->
                    set {
                        user with
                            HasPassword = (choice = "password")
                    }))
            [ "password", "A password"; "keys", "API keys only" ]
        if user.HasPassword then
            Forms.textField
                (field "password" "Password" passwordHint user.Password (fun text -> set { user with Password = text }))
                [ prop.autoComplete "new-password" ]
        Html.p [
            prop.className "faint"
            prop.text "Members of your organisation are added automatically when they first sign in with it."
        ]
    ]

let private editing (model: Model) dispatch (edit: EditForm) : ReactElement =
    let set next = dispatch (Edit(Editing next))
    let field name = fieldOf model (Editing edit) name

    form model dispatch "Save" [
        Forms.textField
            (field "displayName" "Display name" "" edit.DisplayName (fun text -> set { edit with DisplayName = text }))
            [ prop.autoFocus true ]
        roleField
            (field "role" "Role" (edit.RoleIsKept |> Option.defaultValue "") edit.Role (fun role ->
                set { edit with Role = role }))
            (if edit.RoleIsKept.IsSome then
                 [ edit.Role ]
             else
                 Describe.roles)
        if edit.User.External.IsSome then
            Html.p [
                prop.className "faint"
                prop.text "The next sign-in with the organisation sets the role again."
            ]
    ]

let private settingPassword (model: Model) dispatch (user: User) (password: string) : ReactElement =
    let dialog = SettingPassword(user, password)

    form model dispatch "Set password" [
        Html.p [
            prop.className "consequence"
            prop.text $"All sessions of {user.Username} end; API keys stay."
        ]
        Forms.textField
            (fieldOf model dialog "password" "New password" passwordHint password (fun text ->
                dispatch (Edit(SettingPassword(user, text)))))
            [ prop.autoFocus true; prop.autoComplete "new-password" ]
    ]

let private changingPassword (model: Model) dispatch (own: OwnPasswordForm) : ReactElement =
    let set next = dispatch (Edit(ChangingPassword next))

    let field name label value change completion focused =
        Forms.textField (fieldOf model (ChangingPassword own) name label "" value change) [
            prop.type' "password"
            prop.autoComplete completion
            prop.autoFocus focused
        ]

    form model dispatch "Change password" [
        Html.p [
            prop.className "consequence"
            prop.text "Your sessions in other browsers end. This one continues, and your API keys stay."
        ]
        field "oldPassword" "Current password" own.Old (fun text -> set { own with Old = text }) "current-password" true
        field "newPassword" "New password" own.New (fun text -> set { own with New = text }) "new-password" false
        field
            "again"
            "Repeat the new password"
            own.Again
            (fun text -> set { own with Again = text })
            "new-password"
            false
    ]

let private lives = [
    "30", "30 days"
    "90", "90 days"
    "365", "a year"
    "until", "until a day of your choice"
    "ever", "forever"
]

let private lifeName =
    function
    | Days count -> string count
    | Until _ -> "until"
    | ForEver -> "ever"

let private lifeOf (name: string) : Life =
    match name with
    | "until" -> Until ""
    | "ever" -> ForEver
    | days -> Days(int days)

let private addingKey (model: Model) dispatch (key: KeyForm) : ReactElement =
    let set next = dispatch (Edit(AddingKey next))
    let field name = fieldOf model (AddingKey key) name

    form model dispatch "Create key" [
        Forms.textField
            (field "name" "Name" "What it is for, such as “nightly import”." key.Name (fun text ->
                set { key with Name = text }))
            [ prop.autoFocus true ]
        roleField
            (field "role" "Role" "" key.Role (fun role -> set { key with Role = role }))
            (Describe.rolesUpTo key.Highest)
        Forms.choiceField
            (field
                "life"
                "Good for"
                (if key.Life = ForEver then
                     "It is valid until it is revoked."
                 else
                     "")
                (lifeName key.Life)
                (fun life -> set { key with Life = lifeOf life }))
            lives
        match key.Life with
        | Until text ->
            Forms.timeField (field "expires" "Until" "Local time" text (fun text -> set { key with Life = Until text }))
        | _ -> Html.none
    ]

[<Fable.Core.Emit("location.origin")>]
let private origin () : string = Fable.Core.Util.jsNative

let private copied =
    React.functionComponent (
        "CopyKey",
        fun (props: {| text: string |}) ->
            // Whether the last attempt to copy succeeded.
            let result, setResult = React.useState (None: bool option)
            let isDone = (result = Some true)

            Html.fragment [
                Basics.button
                    Basics.Primary
                    (if isDone then Icons.check else Icons.copy)
                    (if isDone then "Copied" else "Copy key")
                    None
                    (fun () -> Browser.Clipboard.tryCopy props.text |> map (Some >> setResult) |> start)
                if result = Some false then
                    Html.p [
                        prop.className "fault"
                        prop.role "alert"
                        prop.text "Not copied: select it and copy it manually."
                    ]
            ]
    )

let private showingKey (dispatch: Msg -> unit) (key: CreatedApiKey) : ReactElement =
    Html.div [
        prop.className "dialog-form"
        prop.children [
            Html.p [
                prop.className "consequence warning"
                prop.text
                    "The key is shown only this once. Anyone who has it can act as this user: store it like a password."
            ]
            Html.div [
                prop.className "secret"
                prop.children [ Html.code key.Key; copied {| text = key.Key |} ]
            ]
            Html.p [ prop.className "faint"; prop.text "Send it in the header X-API-Key:" ]
            Html.pre [
                prop.className "example"
                prop.tabIndex 0
                prop.ariaLabel "Example"
                prop.text $"curl -H 'X-API-Key: {key.Details.Beginning}…' {origin ()}/api/definitions"
            ]
            Html.div [
                prop.className "form-end"
                prop.children [
                    Html.button [
                        prop.type' "button"
                        prop.className "button"
                        prop.onClick (fun _ -> dispatch Close)
                        prop.text "I have stored it"
                    ]
                ]
            ]
        ]
    ]

let private asking (model: Model) dispatch (question: Question) : ReactElement =
    form model dispatch question.Action [ Html.p [ prop.className "consequence"; prop.text question.Consequence ] ]

let private title (dialog: Dialog) : string =
    match dialog with
    | Adding _ -> "Add a user"
    | Editing form -> $"Edit {form.User.Username}"
    | SettingPassword(user, _) -> $"Set the password of {user.Username}"
    | ChangingPassword _ -> "Change your password"
    | AddingKey _ -> "Create an API key"
    | ShowingKey key -> $"The key “{key.Details.Name}”"
    | Asking question -> question.Title

let private body (model: Model) dispatch (dialog: Dialog) : ReactElement =
    match dialog with
    | Adding form -> adding model dispatch form
    | Editing form -> editing model dispatch form
    | SettingPassword(user, password) -> settingPassword model dispatch user password
    | ChangingPassword form -> changingPassword model dispatch form
    | AddingKey form -> addingKey model dispatch form
    | ShowingKey key -> showingKey dispatch key
    | Asking question -> asking model dispatch question

/// The last result, and refusals that arrived after their dialog was closed.
let note (model: Model) : ReactElement =
    Html.fragment [
        Forms.refusal (Option.map Problem.text model.Late)
        match model.Note with
        | Some note -> Html.p [ prop.className "done-note"; prop.role "status"; prop.text note ]
        | None -> Html.none
    ]

let view (model: Model) (dispatch: Msg -> unit) : ReactElement =
    match model.Dialog with
    | None -> Html.none
    | Some dialog ->
        Modal.view
            {
                Title = title dialog
                Shape = ""
                ShowsTitle = true
                // The key is shown only once, so the dialog cannot be closed by accident.
                Close =
                    match dialog with
                    | ShowingKey _ -> None
                    | _ -> Some(fun () -> dispatch Close)
            }
            (body model dispatch dialog)
