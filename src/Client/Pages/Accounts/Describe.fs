/// Texts about users, sessions and keys, and the validation of their forms.
module GopherFlow.Client.Pages.Accounts.Describe

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Accounts.Model

/// From the fewest rights to the most.
let roles = [ "viewer"; "operator"; "admin" ]

let roleMeaning (role: string) : string =
    match role with
    | "viewer" -> "Viewers can read everything except accounts and the audit log."
    | "operator" -> "Operators can also change workflows and run jobs."
    | "admin" -> "Admins can also deploy scripts, change accounts and read the audit log."
    | _ -> ""

let private rank (role: string) =
    roles |> List.tryFindIndex ((=) role) |> Option.defaultValue 0

/// The roles up to and including one.
let rolesUpTo (highest: string) : string list =
    roles |> List.filter (fun role -> rank role <= rank highest)

let lower (one: string) (other: string) : string =
    if rank one <= rank other then one else other

/// Why a user must stay an enabled admin; None when there is another one, or the other users are not known.
let lastAdmin (users: User list) (user: User) : string option =
    let others =
        users
        |> List.exists (fun other -> other.Id <> user.Id && other.Role = "admin" && other.Enabled)

    if user.Role = "admin" && user.Enabled && not users.IsEmpty && not others then
        Some "The last enabled admin cannot be removed. Make another user an admin first."
    else
        None

let signsInWith (user: User) : string =
    match user.External, user.HasPassword with
    | Some _, true -> "Organisation or password"
    | Some _, false -> "Organisation"
    | None, true -> "Password"
    | None, false -> "API keys only"

let private firstOf (known: (string * string) list) (text: string) : string option =
    known |> List.tryFind (fst >> text.Contains) |> Option.map snd

let private browsers = [
    "Edg/", "Edge"
    "OPR/", "Opera"
    "Firefox/", "Firefox"
    "Chrome/", "Chrome"
    "Safari/", "Safari"
    "curl/", "curl"
]

let private systems = [
    "Android", "Android"
    "iPhone", "iPhone"
    "iPad", "iPad"
    "Windows", "Windows"
    "Mac OS X", "macOS"
    "Linux", "Linux"
]

/// "Firefox on Windows"; the user agent itself if the browser is not known.
let browser (agent: string option) : string =
    match agent with
    | None -> "unknown"
    | Some text ->
        match firstOf browsers text, firstOf systems text with
        | Some browser, Some system -> $"{browser} on {system}"
        | Some browser, None -> browser
        | None, _ -> text

type KeyState =
    | Active
    | Expired of Instant
    | Revoked of Instant
    /// Not usable, because its owner is disabled.
    | Shut

let keyState (now: Instant) (owner: User) (key: ApiKey) : KeyState =
    match key.Revoked, key.Expires with
    | Some at, _ -> Revoked at
    | None, Some at when Instant.milliseconds at <= Instant.milliseconds now -> Expired at
    | _ when not owner.Enabled -> Shut
    | _ -> Active

/// Usable keys first, then the newest.
let keysInOrder (now: Instant) (owner: User) (keys: ApiKey list) : ApiKey list =
    keys
    |> List.sortBy (fun key ->
        match keyState now owner key with
        | Active
        | Shut -> 0
        | _ -> 1)

let isSoundPassword (text: string) = text.Length >= 8 && text.Length <= 1000

let private needsPassword = "A password has at least 8 characters."

let private ofUser (form: UserForm) = [
    if form.Username.Trim() = "" then
        "username", "Enter a user name."
    if form.HasPassword && not (isSoundPassword form.Password) then
        "password", needsPassword
]

let private ofOwn (form: OwnPasswordForm) = [
    if form.Old = "" then
        "oldPassword", "Enter your current password."
    if not (isSoundPassword form.New) then
        "newPassword", needsPassword
    elif form.New <> form.Again then
        "again", "The passwords are not the same."
]

let private ofKey (now: Instant) (form: KeyForm) = [
    if form.Name.Trim() = "" then
        "name", "Enter what the key is for."
    match form.Life with
    | Until text ->
        match ofLocalField text with
        | Some at when Instant.milliseconds at > Instant.milliseconds now -> ()
        | _ -> "expires", "Choose a time in the future."
    | _ -> ()
]

/// The validation errors of a form, by field.
let faults (now: Instant) (dialog: Dialog) : (string * string) list =
    match dialog with
    | Adding form -> ofUser form
    | SettingPassword(_, password) when not (isSoundPassword password) -> [ "password", needsPassword ]
    | ChangingPassword form -> ofOwn form
    | AddingKey form -> ofKey now form
    | _ -> []

/// The server's error for a field, worded for the form.
let serverFault (field: string) (problem: Problem option) : string option =
    match problem, Problem.ofField field problem with
    | Some { Status = 409 }, Some _ when field = "username" -> Some "A user with this name already exists."
    | _, Some _ when field = "username" ->
        Some "A name starts with a letter or digit and contains only letters, digits and . _ - @ +, at most 100."
    | _, fault -> fault
