/// Builds a website from the documentation, including the API reference of the public types.
module Site

#load "commands.fsx"

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open Commands

let private source = repoPath "artifacts/site-source"
let private site = repoPath "artifacts/site"
let private assemblies = repoPath "src/Tool/bin/Release/net10.0"

/// The packages whose public types are in the API reference.
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

/// The folders of the documentation, in display order.
let private folders = [ "start"; "author"; "how-to"; "operate"; "reference"; "inside" ]

let private link = Regex @"\]\((?<target>[^)\s#]+)(?<rest>#[^)\s]*)?\)"

let private isExternal (target: string) =
    target.Contains "://" || target.StartsWith "mailto:"

let private relative (path: string) =
    Path.GetRelativePath(root, path).Replace('\\', '/')

/// The path of a page on the site. The README of the repository is the start page.
let private pageOf (file: string) =
    if file = "README.md" then "index.md" else file

/// Resolves a link on a page to a file in the repository. Returns "" for a folder without a README, and an error for a broken link.
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
    File.Copy(repoPath file, path, overwrite = true)

/// Copies the pages and all files that they link to. Returns the broken links and the copied files.
let private copyPages (first: string list) =
    let found = HashSet first
    let queue = Queue first
    let broken = List<string>()

    while queue.Count > 0 do
        let page = queue.Dequeue()

        let newTarget (known: Match) =
            let target, rest = known.Groups["target"].Value, known.Groups["rest"].Value

            if isExternal target then
                known.Value
            else
                match resolve page target with
                | Error brokenLink ->
                    broken.Add brokenLink
                    known.Value
                // The site has no page for a folder without a README, so only the link text is kept.
                | Ok "" -> "]"
                | Ok file ->
                    if found.Add file then
                        queue.Enqueue file

                    let folder = Path.GetDirectoryName(pageOf page) |> nonNull
                    let newPath = Path.GetRelativePath("/" + folder, "/" + pageOf file)
                    $"](%s{newPath.Replace('\\', '/')}%s{rest})"

        if Path.GetExtension page = ".md" then
            File.ReadAllText(repoPath page)
            |> replaceOutsideCode (fun part -> link.Replace(part, newTarget))
            |> write (pageOf page)
        else
            copy page

    List.ofSeq broken, List.ofSeq found

let private titleOf (page: string) =
    File.ReadLines(repoPath page)
    |> Seq.tryFind _.StartsWith("# ")
    |> Option.map (fun line -> line.Substring(2).Replace("`", "").Trim())
    |> Option.defaultValue page

let private entry indent (name: string) (href: string) =
    $"{indent}- name: {JsonSerializer.Serialize name}\n{indent}  href: {href}\n"

/// The pages of a folder, its README first.
let private pagesIn folder =
    Directory.GetFiles(repoPath $"docs/{folder}", "*.md")
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

/// Builds the site in artifacts/site. Fails on broken links in pages and in XML comments.
let make _ =
    for folder in [ source; site ] do
        if Directory.Exists folder then
            Directory.Delete(folder, recursive = true)

    let pages =
        Directory.GetFiles(repoPath "docs", "*.md", SearchOption.AllDirectories)
        |> Array.map relative
        |> List.ofArray

    match copyPages ([ "README.md"; "CHANGELOG.md" ] @ pages) with
    | [], _ -> ()
    | broken, _ -> halt $"""These links are broken:{"\n"}{String.concat "\n" broken}"""

    writeContents ()
    writeSettings ()
    runOrFail (dotnet "build src/Tool -c Release -nologo -v quiet" [])

    // DocFX has a separate tool manifest in build/, because the formatting checks do not need it.
    let inBuild (command: Command) = {
        command with
            Folder = repoPath "build"
    }

    runOrFail (inBuild (dotnet "tool restore" []))
    runOrFail (inBuild (dotnet "docfx" [ Path.Combine(source, "docfx.json"); "--warningsAsErrors" ]))
    printfn "%s" (Path.Combine(site, "index.html"))
    0
