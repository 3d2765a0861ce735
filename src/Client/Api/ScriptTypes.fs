/// The texts of scripts and their versions as F# cases.
module GopherFlow.Client.Api.ScriptTypes

open GopherFlow.Contract

type Severity =
    | Fault
    | Warning
    | Info

type LineKind =
    | Same
    | Removed
    | Added

module Severity =
    let ofWire =
        function
        | "error" -> Fault
        | "warning" -> Warning
        | _ -> Info

module LineKind =
    let ofWire =
        function
        | "removed" -> Removed
        | "added" -> Added
        | _ -> Same

module Script =
    let faults (script: Script) : Diagnostic list =
        script.Refused |> Option.map _.Diagnostics |> Option.defaultValue []

    /// The script of which these are the details.
    let ofDetails (details: ScriptDetails) : Script = {
        Name = details.Name
        CurrentVersion = details.CurrentVersion
        Enabled = details.Enabled
        Updated = details.Updated
        Unfinished = details.Unfinished
        Refused = details.Refused
    }

    let file (name: string) = $"{name}.fsx"
