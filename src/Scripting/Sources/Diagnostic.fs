namespace GopherFlow.Scripting

open System

/// <summary>How bad a diagnostic is.</summary>
type Severity =
    /// <summary>The script cannot be used.</summary>
    | Error = 0
    /// <summary>The script can be used; somebody should look at it.</summary>
    | Warning = 1
    /// <summary>Good to know.</summary>
    | Info = 2

/// <summary>Something to say of a script, at a place in it.</summary>
type Diagnostic = {
    /// <summary>The script, or the neighbour that it loads.</summary>
    File: string
    /// <summary>The first line, from 1.</summary>
    Line: int
    /// <summary>The first column, from 1.</summary>
    Column: int
    /// <summary>The last line, from 1.</summary>
    EndLine: int
    /// <summary>The column behind the last character, from 1.</summary>
    EndColumn: int
    /// <summary>How bad it is.</summary>
    Severity: Severity
    /// <summary><c>FS0039</c> and the like for what the F# compiler says, <c>GF0001</c> and the like for what GopherFlow says.</summary>
    Code: string
    /// <summary>What is wrong and what to do.</summary>
    Text: string
} with

    /// <summary>On one line, as compilers write it.</summary>
    override diagnostic.ToString() =
        let severity = (string diagnostic.Severity).ToLowerInvariant()

        $"{diagnostic.File}({diagnostic.Line},{diagnostic.Column}): {severity} {diagnostic.Code}: {diagnostic.Text}"

/// A place in a script: lines and columns from 1, the end behind the last character.
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

/// What GopherFlow itself says of scripts. Each code stands for one kind of trouble.
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
