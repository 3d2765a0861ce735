namespace GopherFlow.Scripting

open System.Text.RegularExpressions

/// Describes the arguments of a workflow operation, to replace the compiler's list of overloads.
module internal OperationDescriptions =

    let private running name =
        $"a name, a function of a Step that returns a NextState (or a Task or Async of one) and, optionally, a list of targets and a list of options: {name} \"Ask\" ask, {name} \"Ask\" ask [ \"Done\" ] [ timeout (seconds 30) ]"

    let private shapes =
        Map [
            "Start", running "start"
            "State", running "state"
            "Manual",
            "a name and, optionally, a list of targets or a function of a Step and a signal: manual \"Approval\" [ \"Yes\"; \"No\" ], manual \"Approval\" decide"
            "Webhook",
            "the name of a receiver and, optionally, the ends: webhook \"shop\", webhook \"shop\" WorkflowEnds.Failed"
        ]

    let private overloads =
        Regex
            @"^(?:No overloads match for|A unique overload for) method '(?<name>\w+)'[^:]*types of arguments: (?:GopherFlow\.FSharp\.)?WorkflowDraft(?: \* )?(?<given>[^\r\n]*)"

    let private count =
        Regex @"^The member or object constructor '(?<name>\w+)' does not take"

    let private plain (types: string) =
        types.Replace("GopherFlow.Authoring.", "").Replace("System.Threading.Tasks.", "").Replace(" * ", ", ")

    /// The compiler's message; if it is about the arguments of an operation, a description of these instead.
    let describe (message: string) : string =
        let describe (name: string) (got: string) =
            match shapes.TryFind name with
            | Some shape -> $"{name.ToLowerInvariant()} takes {shape}.{got}"
            | None -> message

        match overloads.Match message, count.Match message with
        | found, _ when found.Success ->
            let given = plain found.Groups["given"].Value
            describe found.Groups["name"].Value $" It got: {given}."
        | _, found when found.Success -> describe found.Groups["name"].Value ""
        | _ -> message
