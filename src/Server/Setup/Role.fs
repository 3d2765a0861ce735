namespace GopherFlow.Server

open System
open GopherFlow.Storage

/// The role of a user. Each role includes the rights of the roles before it.
[<RequireQualifiedAccess>]
type Role =
    | Viewer
    | Operator
    | Admin

module internal Role =

    /// All roles, lowest first.
    let all = [ Role.Viewer; Role.Operator; Role.Admin ]

    /// The name that is stored and sent.
    let name role =
        match role with
        | Role.Viewer -> AccountRoles.Viewer
        | Role.Operator -> AccountRoles.Operator
        | Role.Admin -> AccountRoles.Admin

    /// The role with this name.
    let tryParse text =
        all |> List.tryFind (fun role -> name role = text)

    /// The role with a stored name. Throws InvalidOperationException if there is none.
    let ofStored text =
        tryParse text
        |> Option.defaultWith (fun () -> raise (InvalidOperationException $"'{text}' is no role."))

    /// Whether a role includes the rights of the needed role.
    let allows (needed: Role) (role: Role) = role >= needed

    /// The names of the roles that include the rights of the needed role.
    let from needed =
        all |> List.filter (allows needed) |> List.map name
