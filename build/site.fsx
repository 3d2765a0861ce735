/// Makes a site of the documentation, with the reference of the public types.
module Site

#load "commands.fsx"

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open Commands

let private source = at "artifacts/site-source"
let private site = at "artifacts/site"
let private assemblies = at "src/Tool/bin/Release/net10.0"

/// The packages whose types an author, an application or a store uses.
let private packages = [
    "GopherFlow.Engine"
    "GopherFlow.Sqlite"
    "GopherFlow.Postgres"
    "GopherFlow.MySql"
    "GopherFlow.Testing"
    "GopherFlow.Client"
    "GopherFlow.Scripting"
    "GopherFlow.Scripting.Compiler"
    "GopherFlow.Server"
]

/// The folders of the documentation, in the order in which they are shown.
let private folders = [ "start"; "author"; "how-to"; "operate"; "reference"; "inside" ]

let private link = Regex @"\]\((?<target>[^)\s#]+)(?<rest>#[^)\s]*)?\)"

let private isOutside (target: string) =
    target.Contains "://" || target.StartsWith "mailto:"

let private relative (path: string) =
    Path.GetRelativePath(root, path).Replace('\\', '/')

/// A page of the site by its file in the repository: the readme of the repository is where the site begins.
let private pageOf (file: string) =
    if file = "README.md" then "index.md" else file

/// What a link of a page leads to: another page or a file of the repository, or nothing that a site can show.
let private resolve (page: string) (target: string) =
    let path =
        Path.GetFullPath(
            Path.Combine(root, Path.GetDirectoryName page |> Option.ofObj |> Option.defaultValue "", target)
        )

    if File.Exists path then
        Ok(relative path)
    elif File.Exists(Path.Combine(path, "README.md")) then
        Ok(relative (Path.Combine(path, "README.md")))
    elif Directory.Exists path then
        Ok ""
    else
        Error $"{page}: {target}"

let private replaceOutsideCode (replace: string -> string) (text: string) =
    let mutable isCode = false

    text.Split '\n'
    |> Array.map (fun line ->
        if line.TrimStart().StartsWith "```" then
            isCode <- not isCode

        if isCode then
            line
        else
            line.Split '`'
            |> Array.mapi (fun index part -> if index % 2 = 0 then replace part else part)
            |> String.concat "`")
    |> String.concat "\n"

let private write (file: string) (text: string) =
    let path = Path.Combine(source, file)
    Directory.CreateDirectory(Path.GetDirectoryName path |> nonNull) |> ignore
    File.WriteAllText(path, text)

let private copy (file: string) =
    let path = Path.Combine(source, file)
    Directory.CreateDirectory(Path.GetDirectoryName path |> nonNull) |> ignore
    File.Copy(at file, path, overwrite = true)

/// Lays the pages out with whatever they link to, and gives the links that lead nowhere.
let private layOut (first: string list) =
    let found = HashSet first
    let open' = Queue first
    let broken = List<string>()

    while open'.Count > 0 do
        let page = open'.Dequeue()

        let newTarget (known: Match) =
            let target, rest = known.Groups["target"].Value, known.Groups["rest"].Value

            if isOutside target then
                known.Value
            else
                match resolve page target with
                | Error fault ->
                    broken.Add fault
                    known.Value
                // A folder without a page of its own: the list of its files is the repository's.
                | Ok "" -> "]"
                | Ok file ->
                    if found.Add file then
                        open'.Enqueue file

                    let folder = Path.GetDirectoryName(pageOf page) |> nonNull
                    let newPath = Path.GetRelativePath("/" + folder, "/" + pageOf file)
                    $"](%s{newPath.Replace('\\', '/')}%s{rest})"

        if Path.GetExtension page = ".md" then
            File.ReadAllText(at page)
            |> replaceOutsideCode (fun part -> link.Replace(part, newTarget))
            |> write (pageOf page)
        else
            copy page

    List.ofSeq broken, List.ofSeq found

let private titleOf (page: string) =
    File.ReadLines(at page)
    |> Seq.tryFind _.StartsWith("# ")
    |> Option.map (fun line -> line.Substring(2).Replace("`", "").Trim())
    |> Option.defaultValue page

let private entry indent (name: string) (href: string) =
    $"{indent}- name: {JsonSerializer.Serialize name}\n{indent}  href: {href}\n"

/// The pages of a folder, its own page first.
let private pagesIn folder =
    Directory.GetFiles(at $"docs/{folder}", "*.md")
    |> Array.map relative
    |> Array.sortBy (fun page -> not (page.EndsWith "/README.md"), page)
    |> List.ofArray

let private writeContents () =
    write
        "toc.yml"
        (entry "" "Documentation" "docs/"
         + entry "" "Types" "api/"
         + entry "" "Changes" "CHANGELOG.md")

    let sections =
        folders
        |> List.map (fun folder ->
            let pages = pagesIn folder

            let rest =
                pages.Tail
                |> List.map (fun page -> entry "  " (titleOf page) (page.Substring 5))

            entry "" (titleOf pages.Head) (pages.Head.Substring 5)
            + (if rest.IsEmpty then
                   ""
               else
                   "  items:\n" + String.concat "" rest))

    write
        "docs/toc.yml"
        (entry "" (titleOf "docs/README.md") "README.md"
         + String.concat "" sections
         + entry "" (titleOf "docs/questions.md") "questions.md")

let private writeSettings () =
    let settings = {|
        metadata = [
            {|
                src = [
                    {|
                        src = Path.GetRelativePath(source, assemblies).Replace('\\', '/')
                        files = packages |> List.map (sprintf "%s.dll")
                    |}
                ]
                dest = "api"
            |}
        ]
        build = {|
            content = [
                {|
                    files = [ "**/*.md"; "**/toc.yml"; "api/*.yml" ]
                |}
            ]
            resource = [
                {|
                    files = [ "**/*" ]
                    exclude = [ "**/*.md"; "**/*.yml"; "docfx.json"; "api/**" ]
                |}
            ]
            output = Path.GetRelativePath(source, site).Replace('\\', '/')
            template = [ "default"; "modern" ]
            globalMetadata = {|
                _appName = "GopherFlow"
                _appTitle = "GopherFlow"
                _enableSearch = true
                _disableContribution = true
            |}
        |}
    |}

    write "docfx.json" (JsonSerializer.Serialize(settings, JsonSerializerOptions(WriteIndented = true)))

/// Writes artifacts/site. A link that leads nowhere, in a page or in a comment, fails it.
let make _ =
    for folder in [ source; site ] do
        if Directory.Exists folder then
            Directory.Delete(folder, recursive = true)

    let pages =
        Directory.GetFiles(at "docs", "*.md", SearchOption.AllDirectories)
        |> Array.map relative
        |> List.ofArray

    match layOut ([ "README.md"; "CHANGELOG.md" ] @ pages) with
    | [], _ -> ()
    | broken, _ -> halt $"""These links lead nowhere:{"\n"}{String.concat "\n" broken}"""

    writeContents ()
    writeSettings ()
    must (dotnet "build src/Tool -c Release -nologo -v quiet" [])

    // Its manifest is not the repository's: whoever checks the formatting has no need of it.
    let inBuild (command: Command) = { command with Folder = at "build" }
    must (inBuild (dotnet "tool restore" []))
    must (inBuild (dotnet "docfx" [ Path.Combine(source, "docfx.json"); "--warningsAsErrors" ]))
    printfn "%s" (Path.Combine(site, "index.html"))
    0
