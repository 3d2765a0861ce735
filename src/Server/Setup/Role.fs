namespace GopherFlow.Server

open System
open GopherFlow.Storage

/// What somebody may do. Each role may do all that those before it may.
[<RequireQualifiedAccess>]
type Role =
    | Viewer
    | Operator
    | Admin

module internal Role =

    /// From the least to the most.
    let all = [ Role.Viewer; Role.Operator; Role.Admin ]

    /// As it is stored and sent.
    let name role =
        match role with
        | Role.Viewer -> AccountRoles.Viewer
        | Role.Operator -> AccountRoles.Operator
        | Role.Admin -> AccountRoles.Admin

    /// The role of a name.
    let tryParse text =
        all |> List.tryFind (fun role -> name role = text)

    /// The role of a stored name.
    let ofStored text =
        tryParse text
        |> Option.defaultWith (fun () -> raise (InvalidOperationException $"'{text}' is no role."))

    /// Whether somebody of a role may do what takes another.
    let allows (needed: Role) (role: Role) = role >= needed

    /// The roles that may do what takes one.
    let from needed =
        all |> List.filter (allows needed) |> List.map name
