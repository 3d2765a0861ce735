namespace GopherFlow.Scripting

open System
open System.IO
open System.Text

/// A script and the files that it loads, in compilation order, without the directives that GopherFlow has processed.
type internal Bundle = {
    Main: ParsedScript
    /// The name and text of each file; the script itself is the last.
    Files: (string * string) list
    /// The assemblies in the lib folder that it references.
    Libraries: string list
}

module internal Bundle =

    /// The meaning of a directive.
    type private Request =
        | Load of string list
        | Library of string list
        | Nothing
        | Refused of Diagnostic

    let private refuse (file: string) (directive: ScriptDirective) code text =
        Refused(Diagnostic.fault (ParsedScript.placeOf file directive.Range) code text)

    let private plain (name: string) =
        if name.StartsWith("./", StringComparison.Ordinal) then
            name.Substring 2
        else
            name

    let private isNeighbour (name: string) =
        String.Equals(Path.GetFileName name, name) && name <> ".." && name <> "."

    let private loadRequest (loaded: Map<string, string>) file (directive: ScriptDirective) =
        let names = directive.Arguments |> List.map plain
        let refuse = refuse file directive Diagnostic.NotLoadable

        match
            names |> List.tryFind (isNeighbour >> not),
            names |> List.tryFind (fun name -> not (loaded.ContainsKey name))
        with
        | Some outside, _ ->
            refuse $"#load \"{outside}\" leaves the folder of the scripts; only a file beside the script can be loaded."
        | None, Some missing -> refuse $"#load \"{missing}\": there is no such file beside the script."
        | None, None -> Load names

    let private libraryOf (libraries: string option) (asked: string) =
        let name = string (Path.GetFileName asked)

        match libraries with
        | Some folder when plain asked = name || plain asked = $"lib/{name}" ->
            Some(Path.Combine(folder, name)) |> Option.filter File.Exists
        | _ -> None

    let private referenceRequest libraries file (directive: ScriptDirective) =
        let refuse = refuse file directive Diagnostic.Reference

        match directive.Arguments with
        | [ asked ] when asked.TrimStart().StartsWith("nuget", StringComparison.OrdinalIgnoreCase) ->
            refuse
                "#r \"nuget: ...\" is not available in scripts: nothing is downloaded on the server. Put the assembly into the lib folder of the scripts folder and write #r \"Name.dll\"."
        | asked ->
            match asked |> List.tryFind (fun name -> (libraryOf libraries name).IsNone) with
            | Some unknown ->
                refuse
                    $"#r \"{unknown}\": there is no such assembly in the lib folder of the scripts folder. An assembly of the application or of .NET needs no #r."
            | None -> Library(List.choose (libraryOf libraries) asked)

    let private requestOf loaded libraries file (directive: ScriptDirective) =
        match directive.Keyword with
        | "load" -> loadRequest loaded file directive
        | "r"
        | "reference" -> referenceRequest libraries file directive
        | "nowarn"
        | "warnon"
        | "light"
        | "line" -> Nothing
        | other -> refuse file directive Diagnostic.Directive $"#{other} belongs to an interactive session; remove it."

    let private obeyed (directive: ScriptDirective) =
        List.contains directive.Keyword [ "load"; "r"; "reference" ]

    /// A loaded file without a module declaration gets a module with the name of the file, as in an interactive session.
    let private compilable isMain (script: ParsedScript) =
        let text =
            script.Text
            |> ParsedScript.blank (script.Directives |> List.filter obeyed |> List.map _.Range)

        if isMain || script.HasHeader then
            text
        else
            let name = String.concat "." script.Modules
            $"module ``{name}``\n#line 1 \"{script.Name}\"\n{text}"

    type private Gathered = {
        Done: ParsedScript list
        Asked: string list
        Faults: Diagnostic list
    }

    let rec private visit
        (turn: CompilerSession)
        (source: ScriptSource)
        libraries
        (path: string list)
        gathered
        name
        text
        =
        let script = ParsedScript.parse turn name text

        let requests =
            script.Directives
            |> List.map (fun directive -> directive, requestOf source.Loaded libraries name directive)

        let faults =
            requests
            |> List.choose (function
                | _, Refused fault -> Some fault
                | directive, Load names when names |> List.exists (fun loaded -> List.contains loaded (name :: path)) ->
                    let circle = String.concat " -> " (List.rev (name :: path) @ names)

                    Some(
                        Diagnostic.fault
                            (ParsedScript.placeOf name directive.Range)
                            Diagnostic.NotLoadable
                            $"The files load each other in a circle: {circle}."
                    )
                | _ -> None)

        let asked =
            requests
            |> List.collect (function
                | _, Library files -> files
                | _ -> [])

        let loads =
            requests
            |> List.collect (function
                | _, Load names -> names
                | _ -> [])
            |> List.filter (fun loaded -> not (List.contains loaded (name :: path)))

        let inner =
            visitAll
                turn
                source
                libraries
                (name :: path)
                {
                    gathered with
                        Asked = gathered.Asked @ asked
                        Faults = gathered.Faults @ faults
                }
                loads

        {
            inner with
                Done = inner.Done @ [ script ]
        }

    and private visitAll turn source libraries path gathered names =
        match names with
        | [] -> gathered
        | name :: rest when gathered.Done |> List.exists (fun script -> String.Equals(script.Name, name)) ->
            visitAll turn source libraries path gathered rest
        | name :: rest ->
            let next = visit turn source libraries path gathered name source.Loaded[name]
            visitAll turn source libraries path next rest

    let sizeOf (source: ScriptSource) =
        source.Text :: List.map snd (Map.toList source.Loaded)
        |> List.sumBy (fun (text: string) -> Encoding.UTF8.GetByteCount text)

    /// Creates the bundle of a script by following its directives.
    let make
        (turn: CompilerSession)
        (libraries: string option)
        (source: ScriptSource)
        : Result<Bundle, Diagnostic list> =
        let nothing = { Done = []; Asked = []; Faults = [] }
        let gathered = visit turn source libraries [] nothing source.Name source.Text
        let main = List.last gathered.Done

        match gathered.Faults with
        | [] ->
            Ok {
                Main = main
                Files =
                    gathered.Done
                    |> List.map (fun script -> script.Name, compilable (obj.ReferenceEquals(script, main)) script)
                Libraries = List.distinct gathered.Asked
            }
        | faults -> Error faults
