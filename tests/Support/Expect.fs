namespace GopherFlow.TestSupport

open System
open System.Threading.Tasks
open Expecto

/// Assertions missing in the Expecto module of the same name.
module Expect =

    /// Awaits a task that must fail with an exception of that type, and returns the exception.
    let throwsTask<'failure when 'failure :> exn> (start: unit -> Task) : Task<'failure> =
        task {
            let! failure =
                task {
                    try
                        do! start ()
                        return None
                    with failure ->
                        return Some failure
                }

            match failure with
            | Some(:? 'failure as expected) -> return expected
            | Some other -> return failtestf "Expected %s; got %O" typeof<'failure>.Name other
            | None -> return failtestf "Expected %s; nothing was thrown." typeof<'failure>.Name
        }

    /// Runs code that must throw an exception of that type, and returns the exception.
    let throwsLike<'failure when 'failure :> exn> (code: unit -> unit) : 'failure =
        try
            code ()
            None
        with failure ->
            Some failure
        |> function
            | Some(:? 'failure as expected) -> expected
            | Some other -> failtestf "Expected %s; got %O" typeof<'failure>.Name other
            | None -> failtestf "Expected %s; nothing was thrown." typeof<'failure>.Name

    /// Returns the only element, and fails if there is not exactly one.
    let single (values: 'value seq) (message: string) : 'value =
        match List.ofSeq values with
        | [ value ] -> value
        | several -> failtestf "%s. Expected one element; got %A" message several

    let stringLacks (text: string) (part: string) (message: string) : unit =
        if text.Contains(part, StringComparison.Ordinal) then
            failtestf "%s. Expected a text without '%s'; got '%s'" message part text

    let isBetween (value: 'value) (lowest: 'value) (highest: 'value) (message: string) : unit =
        if value < lowest || value > highest then
            failtestf "%s. Expected %A to %A; got %A" message lowest highest value
