namespace GopherFlow.Scripting

open System
open FSharp.Compiler.Syntax
open FSharp.Compiler.Text
open GopherFlow.Definitions

/// Finds the position of a definition error in a script: the text with the name of the state or target.
module internal StateLocations =

    /// A string constant; the use of a name; the binding of a name; or an operation whose first argument is a string constant, such as
    /// state "Review".
    type private Finding =
        | Constant of text: string * range
        | Use of name: string * range
        | Binding of name: string * range
        | Operation of keyword: string * name: string * nameRange: range * range

    let private declarations = set [ "start"; "state"; "manual"; "error"; "finish" ]

    let private operations = declarations + set [ "workflow"; "onCancel"; "onFailure" ]

    let rec private headOf (expression: SynExpr) (arguments: SynExpr list) =
        match expression with
        | SynExpr.App(funcExpr = inner; argExpr = argument) -> headOf inner (argument :: arguments)
        | SynExpr.Ident keyword -> Some(keyword.idText, arguments)
        | _ -> None

    let private findingsOf (expression: SynExpr) =
        match expression with
        | SynExpr.Const(SynConst.String(text = text), range) -> [ Constant(text, range) ]
        | SynExpr.Ident name -> [ Use(name.idText, name.idRange) ]
        | SynExpr.App _ ->
            match headOf expression [] with
            | Some(keyword, SynExpr.Const(SynConst.String(text = name), range) :: _) when operations.Contains keyword -> [
                Operation(keyword, name, range, expression.Range)
              ]
            | _ -> []
        | _ -> []

    let private bindingsOf (binding: SynBinding) =
        match binding with
        | SynBinding(headPat = SynPat.LongIdent(longDotId = SynLongIdent(id = [ name ])); expr = body)
        | SynBinding(headPat = SynPat.Named(ident = SynIdent(name, _)); expr = body) -> [
            Binding(name.idText, body.Range)
          ]
        | _ -> []

    let private findingsIn (tree: ParsedInput) =
        ([], tree)
        ||> ParsedInput.fold (fun found _ node ->
            match node with
            | SyntaxNode.SynExpr expression -> findingsOf expression @ found
            | SyntaxNode.SynBinding binding -> bindingsOf binding @ found
            | _ -> found)
        |> List.rev

    let private orElse (next: unit -> range option) found =
        match found with
        | Some range -> Some range
        | None -> next ()

    let private isWithin (outer: range) (inner: range) = Range.rangeContainsRange outer inner

    /// The operations that declare a state, in the order of the text; of nested ones only the outermost.
    let private declarationsOf findings name =
        findings
        |> List.choose (function
            | Operation(keyword, declared, nameRange, whole) when declared = name && declarations.Contains keyword ->
                Some(nameRange, whole)
            | _ -> None)
        |> List.groupBy (fun (nameRange, _) -> nameRange.StartLine, nameRange.StartColumn)
        |> List.sortBy fst
        |> List.map (fun (_, same) -> same |> List.maxBy (fun (_, whole) -> whole.EndLine, whole.EndColumn))

    let private constantsOf findings text =
        findings
        |> List.choose (function
            | Constant(found, range) when found = text -> Some range
            | _ -> None)
        |> List.distinct

    let private workflowName findings =
        findings
        |> List.tryPick (function
            | Operation("workflow", _, nameRange, _) -> Some nameRange
            | _ -> None)

    /// The code of the functions whose names are used in a range, such as the function of a state.
    let private codeNamedIn findings (place: range) =
        findings
        |> List.collect (function
            | Use(name, used) when isWithin place used ->
                findings
                |> List.choose (function
                    | Binding(bound, code) when bound = name -> Some code
                    | _ -> None)
            | _ -> [])

    /// The place of a target: in the list of targets, otherwise in the function of the state, otherwise the first constant that is not a
    /// declaration.
    let private targetPlace findings (state: string) (target: string) =
        let constants = constantsOf findings target

        let inDeclaration =
            declarationsOf findings state
            |> List.tryPick (fun (nameRange, whole) ->
                constants
                |> List.filter (fun range -> isWithin whole range && range <> nameRange)
                |> List.tryLast)

        let inFunction () =
            declarationsOf findings state
            |> List.collect (fun (_, whole) -> codeNamedIn findings whole)
            |> List.tryPick (fun code -> constants |> List.tryFind (isWithin code))

        let isDeclared range =
            declarationsOf findings target
            |> List.exists (fun (nameRange, _) -> nameRange = range)

        inDeclaration
        |> orElse inFunction
        |> orElse (fun () -> constants |> List.tryFind (isDeclared >> not))

    let private statePlace findings (state: string) =
        match List.tryLast (declarationsOf findings state), constantsOf findings state with
        | Some(nameRange, _), _ -> Some nameRange
        | None, first :: _ -> Some first
        | None, [] -> None

    let private diversionPlace findings (target: string) =
        findings
        |> List.tryPick (function
            | Operation(("onCancel" | "onFailure"), name, nameRange, _) when name = target -> Some nameRange
            | _ -> None)

    /// The best place for each error; the first line of the script if there is no match, for example because the name is computed.
    let find (script: ParsedScript) (faults: DefinitionFault list) : (DefinitionFault * Place) list =
        let findings = findingsIn script.Tree

        let placeOf (fault: DefinitionFault) =
            match Option.ofObj fault.State, Option.ofObj fault.Target with
            | None, None -> None
            | None, Some target -> diversionPlace findings target
            | Some state, None -> statePlace findings state
            | Some state, Some target ->
                targetPlace findings state target
                |> orElse (fun () -> statePlace findings state)
            |> orElse (fun () -> workflowName findings)
            |> Option.map (ParsedScript.placeOf script.Name)
            |> Option.defaultValue (Place.startOf script.Name)

        faults |> List.map (fun fault -> fault, placeOf fault)
