namespace GopherFlow.Scripting

open System

/// <summary>The severity of a diagnostic.</summary>
type Severity =
    /// <summary>The script cannot be used.</summary>
    | Error = 0
    /// <summary>The script can be used, but probably has a problem.</summary>
    | Warning = 1
    /// <summary>Information only.</summary>
    | Info = 2

/// <summary>An error, warning or note about a script, with its location.</summary>
type Diagnostic = {
    /// <summary>The name of the script's file, or of a file that it loads.</summary>
    File: string
    /// <summary>The first line, from 1.</summary>
    Line: int
    /// <summary>The first column, from 1.</summary>
    Column: int
    /// <summary>The last line, from 1.</summary>
    EndLine: int
    /// <summary>The column after the last character, from 1.</summary>
    EndColumn: int
    /// <summary>How severe it is.</summary>
    Severity: Severity
    /// <summary>The code: <c>FS0039</c> and so on from the F# compiler, <c>GF0001</c> and so on from GopherFlow.</summary>
    Code: string
    /// <summary>What is wrong and how to fix it.</summary>
    Text: string
} with

    /// <summary>One line in the usual compiler format.</summary>
    override diagnostic.ToString() =
        let severity = (string diagnostic.Severity).ToLowerInvariant()

        $"{diagnostic.File}({diagnostic.Line},{diagnostic.Column}): {severity} {diagnostic.Code}: {diagnostic.Text}"

/// A location in a script. Lines and columns start at 1; the end is after the last character.
type internal Place = {
    File: string
    Line: int
    Column: int
    EndLine: int
    EndColumn: int
}

module internal Place =

    let startOf file = {
        File = file
        Line = 1
        Column = 1
        EndLine = 1
        EndColumn = 1
    }

    let lineOf file line = {
        File = file
        Line = line
        Column = 1
        EndLine = line
        EndColumn = 1
    }

/// GopherFlow's own diagnostics of scripts, with one code for each kind of error.
module internal Diagnostic =

    let fault (place: Place) (code: string) (text: string) : Diagnostic = {
        File = place.File
        Line = place.Line
        Column = place.Column
        EndLine = place.EndLine
        EndColumn = place.EndColumn
        Severity = Severity.Error
        Code = code
        Text = text
    }

    let isError (diagnostic: Diagnostic) = diagnostic.Severity = Severity.Error

    [<Literal>]
    let TooLong = "GF0001"

    [<Literal>]
    let BadName = "GF0002"

    [<Literal>]
    let Directive = "GF0003"

    [<Literal>]
    let NotLoadable = "GF0004"

    [<Literal>]
    let Reference = "GF0005"

    [<Literal>]
    let CompileLimit = "GF0006"

    [<Literal>]
    let NoReferences = "GF0007"

    [<Literal>]
    let NoCompiler = "GF0008"

    [<Literal>]
    let NoWorkflow = "GF0010"

    [<Literal>]
    let SeveralWorkflows = "GF0011"

    [<Literal>]
    let Threw = "GF0012"

    [<Literal>]
    let LoadLimit = "GF0013"

    [<Literal>]
    let Definition = "GF0014"

    [<Literal>]
    let VersionByHand = "GF0015"

    [<Literal>]
    let CompilerFailed = "GF0016"

    [<Literal>]
    let NotCached = "GF0017"

    [<Literal>]
    let UnknownWebhook = "GF0018"
