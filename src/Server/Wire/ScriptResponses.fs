namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Operations
open GopherFlow.Scripting
open GopherFlow.Storage

/// Maps the records of scripts and versions to the contract: one function for each kind of record.
module internal ScriptResponses =

    let diagnostic (diagnostic: Diagnostic) : GopherFlow.Contract.Diagnostic = {
        File = diagnostic.File
        Line = diagnostic.Line
        Column = diagnostic.Column
        EndLine = diagnostic.EndLine
        EndColumn = diagnostic.EndColumn
        Severity = (string diagnostic.Severity).ToLowerInvariant()
        Code = diagnostic.Code
        Text = diagnostic.Text
    }

    let private refused (script: ScriptRecord) (diagnostics: Diagnostic list) =
        Option.ofObj script.Diagnostics
        |> Option.map (fun kept -> {
            Version = kept.Version
            At = kept.At
            Diagnostics = List.map diagnostic diagnostics
        })

    let script (unfinished: int64) (diagnostics: Diagnostic list) (script: ScriptRecord) : Script = {
        Name = script.Name
        CurrentVersion = Option.ofObj script.CurrentVersion
        Enabled = script.Enabled
        Updated = script.Updated
        Unfinished = unfinished
        Refused = refused script diagnostics
    }

    let loaded (files: Map<string, string>) : GopherFlow.Contract.SourceFile list =
        files
        |> Map.toList
        |> List.map (fun (file, text) -> { File = file; Text = text })

    let version
        (unfinishedOf: string -> int64)
        (canRun: string -> bool)
        (current: string option)
        (version: ScriptVersionOutline)
        : ScriptVersion = {
        Version = version.Version
        Origin = version.Origin
        Author = version.Author
        Created = version.Created
        Unfinished = unfinishedOf version.Version
        Registered = canRun version.Version
        Current = current = Some version.Version
    }

    let source (files: Map<string, string>) (version: ScriptVersionRecord) : GopherFlow.Contract.ScriptSource = {
        Name = version.Name
        Version = version.Version
        Source = version.Source
        Loaded = loaded files
        Origin = version.Origin
        Author = version.Author
        Created = version.Created
    }

    /// The lines of a comparison, each with its line number in the older and newer text.
    let lines (differences: LineDifference list) : DifferenceLine list =
        let number (older, newer) difference =
            match difference with
            | Same text ->
                {
                    Kind = "same"
                    OldLine = Some older
                    NewLine = Some newer
                    Text = text
                },
                (older + 1, newer + 1)
            | Removed text ->
                {
                    Kind = "removed"
                    OldLine = Some older
                    NewLine = None
                    Text = text
                },
                (older + 1, newer)
            | Added text ->
                {
                    Kind = "added"
                    OldLine = None
                    NewLine = Some newer
                    Text = text
                },
                (older, newer + 1)

        List.mapFold number (1, 1) differences |> fst

    let private stateMove (plan: StateMovePlan) : StateMove = {
        From = plan.From
        To = Option.ofObj plan.To
        Workflows = plan.Workflows
        Refusal = Option.ofObj plan.Refusal
    }

    let move (dryRun: bool) (result: MoveVersionsResult) : VersionMove = {
        DryRun = dryRun
        Plan = result.Plan |> Seq.map stateMove |> List.ofSeq
        Moved = result.Moved
        Refusals = List.ofSeq result.Refusals
    }
