namespace GopherFlow.Scripting

open System
open FSharp.Compiler.CodeAnalysis
open FSharp.Compiler.Syntax
open FSharp.Compiler.Text

/// A directive, such as #load "Shared.fs".
type internal ScriptDirective = {
    Keyword: string
    Arguments: string list
    Range: range
}

/// The result of parsing a script, before type checking.
type internal ParsedScript = {
    Name: string
    Text: string
    Tree: ParsedInput
    Directives: ScriptDirective list
    /// The full names of the modules and namespaces in the file; for a plain script the one that is derived from its name.
    Modules: string list
    /// Whether the file begins with a module or namespace declaration.
    HasHeader: bool
}

module internal ParsedScript =

    let private options name = {
        FSharpParsingOptions.Default with
            SourceFiles = [| name |]
            ConditionalDefines = [ "COMPILED" ]
    }

    let private argumentText (argument: ParsedHashDirectiveArgument) =
        match argument with
        | ParsedHashDirectiveArgument.String(value, _, _) -> value
        | ParsedHashDirectiveArgument.SourceIdentifier(_, value, _) -> value
        | ParsedHashDirectiveArgument.Int32(value, _) -> string value
        | ParsedHashDirectiveArgument.Ident(name, _) -> name.idText
        | ParsedHashDirectiveArgument.LongIdent(name, _) -> name.LongIdent |> List.map _.idText |> String.concat "."

    let private directiveOf (ParsedHashDirective(keyword, arguments, range)) = {
        Keyword = keyword
        Arguments = List.map argumentText arguments
        Range = range
    }

    let rec private inDeclaration (declaration: SynModuleDecl) =
        match declaration with
        | SynModuleDecl.HashDirective(directive, _) -> [ directiveOf directive ]
        | SynModuleDecl.NestedModule(decls = inner) -> List.collect inDeclaration inner
        | _ -> []

    let private modulesOf (tree: ParsedInput) =
        match tree with
        | ParsedInput.ImplFile(ParsedImplFileInput(contents = modules)) -> modules
        | ParsedInput.SigFile _ -> []

    let private nameOf (SynModuleOrNamespace(longId = name)) =
        name |> List.map _.idText |> String.concat "."

    let private isAnonymous (SynModuleOrNamespace(kind = kind)) =
        kind = SynModuleOrNamespaceKind.AnonModule

    let private topDirectives (tree: ParsedInput) =
        match tree with
        | ParsedInput.ImplFile(ParsedImplFileInput(hashDirectives = directives)) -> List.map directiveOf directives
        | ParsedInput.SigFile _ -> []

    /// Parses a file. Syntax errors are left to the compilation to report.
    let parse (turn: CompilerSession) (name: string) (text: string) : ParsedScript =
        let parsed =
            turn.Wait(turn.Checker.ParseFile(name, SourceText.ofString text, options name))

        let modules = modulesOf parsed.ParseTree

        let inModules =
            modules
            |> List.collect (fun (SynModuleOrNamespace(decls = declarations)) ->
                List.collect inDeclaration declarations)

        {
            Name = name
            Text = text
            Tree = parsed.ParseTree
            Directives = topDirectives parsed.ParseTree @ inModules |> List.distinctBy _.Range
            Modules = List.map nameOf modules
            HasHeader = not (List.exists isAnonymous modules)
        }

    /// Converts a range of the compiler, whose columns start at 0, to a place.
    let placeOf (file: string) (range: range) : Place = {
        File = file
        Line = max 1 range.StartLine
        Column = range.StartColumn + 1
        EndLine = max 1 range.EndLine
        EndColumn = range.EndColumn + 1
    }

    /// Replaces ranges of the text with spaces, so that all other characters keep their positions.
    let blank (ranges: range list) (text: string) : string =
        let isBlanked line column =
            ranges
            |> List.exists (fun range ->
                (line, column) >= (range.StartLine, range.StartColumn)
                && (line, column) < (range.EndLine, range.EndColumn))

        if ranges.IsEmpty then
            text
        else
            let blankLine index (line: string) =
                line
                |> String.mapi (fun column letter ->
                    if isBlanked (index + 1) column && letter <> '\r' then
                        ' '
                    else
                        letter)

            text.Split '\n' |> Array.mapi blankLine |> String.concat "\n"
